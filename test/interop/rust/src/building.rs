//! /building/:id: joins the lanes of the rooms that were registered with it.

use swimos::{
    agent::{
        agent_lifecycle::HandlerContext,
        event_handler::{EventHandler, HandlerActionExt},
        lanes::{CommandLane, JoinMapLane, JoinValueLane},
        lifecycle, projections, AgentLaneModel,
    },
    model::Value,
};

use crate::body::text;

#[projections]
#[derive(AgentLaneModel)]
pub struct BuildingAgent {
    lights: JoinValueLane<Value, bool>,
    devices: JoinMapLane<Value, Value, Value>,
    register: CommandLane<Value>,
    unregister: CommandLane<Value>,
}

#[derive(Clone)]
pub struct BuildingLifecycle;

#[lifecycle(BuildingAgent)]
impl BuildingLifecycle {
    #[on_command(register)]
    fn register(&self, context: HandlerContext<BuildingAgent>, room: &Value) -> impl EventHandler<BuildingAgent> {
        let node = format!("/room/{}", text(room));
        context
            .add_downlink(BuildingAgent::LIGHTS, room.clone(), None, &node, "lights")
            .followed_by(context.add_map_downlink(BuildingAgent::DEVICES, room.clone(), None, &node, "devices"))
    }

    #[on_command(unregister)]
    fn unregister(&self, context: HandlerContext<BuildingAgent>, room: &Value) -> impl EventHandler<BuildingAgent> {
        context
            .remove_downlink(BuildingAgent::LIGHTS, room.clone())
            .followed_by(context.remove_downlink(BuildingAgent::DEVICES, room.clone()))
    }
}
