package swimlink.interop;

import swim.api.SwimLane;
import swim.api.agent.AbstractAgent;
import swim.api.lane.CommandLane;
import swim.api.lane.MapLane;
import swim.api.lane.ValueLane;
import swim.structure.Value;

/** /room/:id: the lanes that a building joins. */
public class RoomAgent extends AbstractAgent {

  @SwimLane("lights")
  ValueLane<Boolean> lights = this.<Boolean>valueLane();

  @SwimLane("devices")
  MapLane<Value, Value> devices = this.<Value, Value>mapLane();

  @SwimLane("toggle")
  CommandLane<Value> toggle = this.<Value>commandLane()
      .onCommand(body -> this.lights.set(!Boolean.TRUE.equals(this.lights.get())));

  @Override
  public void didStart() {
    this.lights.set(false);
  }

}
