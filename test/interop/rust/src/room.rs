//! /room/:id: the lanes that a building joins.

use swimos::{
    agent::{
        agent_lifecycle::HandlerContext,
        event_handler::{EventHandler, HandlerActionExt},
        lanes::{CommandLane, MapLane, ValueLane},
        lifecycle, projections, AgentLaneModel,
    },
    model::Value,
};

#[projections]
#[derive(AgentLaneModel)]
pub struct RoomAgent {
    lights: ValueLane<bool>,
    toggle: CommandLane<Value>,
    devices: MapLane<Value, Value>,
}

#[derive(Clone)]
pub struct RoomLifecycle;

#[lifecycle(RoomAgent)]
impl RoomLifecycle {
    #[on_command(toggle)]
    fn toggle(&self, context: HandlerContext<RoomAgent>, _body: &Value) -> impl EventHandler<RoomAgent> {
        context
            .get_value(RoomAgent::LIGHTS)
            .and_then(move |on: bool| context.set_value(RoomAgent::LIGHTS, !on))
    }
}
