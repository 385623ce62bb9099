package swimlink.interop;

import swim.api.SwimRoute;
import swim.api.agent.AgentRoute;
import swim.api.plane.AbstractPlane;

/** The nodes that the interop tests speak to. */
public class InteropPlane extends AbstractPlane {

  @SwimRoute("/unit/:id")
  AgentRoute<UnitAgent> unit;

  @SwimRoute("/room/:id")
  AgentRoute<RoomAgent> room;

  @SwimRoute("/building/:id")
  AgentRoute<BuildingAgent> building;

}
