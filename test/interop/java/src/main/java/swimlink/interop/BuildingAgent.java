package swimlink.interop;

import swim.api.SwimLane;
import swim.api.agent.AbstractAgent;
import swim.api.downlink.MapDownlink;
import swim.api.downlink.ValueDownlink;
import swim.api.lane.CommandLane;
import swim.api.lane.JoinMapLane;
import swim.api.lane.JoinValueLane;
import swim.structure.Value;

/** /building/:id: joins the lanes of the rooms that were registered with it. */
public class BuildingAgent extends AbstractAgent {

  @SwimLane("lights")
  JoinValueLane<Value, Boolean> lights = this.<Value, Boolean>joinValueLane();

  @SwimLane("devices")
  JoinMapLane<Value, Value, Value> devices = this.<Value, Value, Value>joinMapLane();

  @SwimLane("register")
  CommandLane<Value> register = this.<Value>commandLane()
      .onCommand(this::join);

  @SwimLane("unregister")
  CommandLane<Value> unregister = this.<Value>commandLane()
      .onCommand(this::leave);

  private void join(Value room) {
    final String node = "/room/" + room.stringValue("");
    this.lights.downlink(room).nodeUri(node).laneUri("lights").open();
    this.devices.downlink(room).nodeUri(node).laneUri("devices").open();
  }

  private void leave(Value room) {
    final ValueDownlink<?> light = this.lights.getDownlink(room);
    if (light != null) {
      light.close();
    }
    final MapDownlink<?, ?> device = this.devices.getDownlink(room);
    if (device != null) {
      device.close();
    }
  }

}
