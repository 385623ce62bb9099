package swimlink.interop;

import swim.api.auth.Identity;
import swim.api.policy.AbstractPolicy;
import swim.api.policy.PolicyDirective;
import swim.warp.Envelope;

/** Nobody may use a lane {@code denied}; only who has authenticated may use a lane {@code secret}. */
public class InteropPolicy extends AbstractPolicy {

  @Override
  protected <T> PolicyDirective<T> authorize(Envelope envelope, Identity identity) {
    final String lane = envelope.laneUri().toString();
    if ("denied".equals(lane)) {
      return this.deny();
    }
    if ("secret".equals(lane) && (identity == null || !identity.isAuthenticated())) {
      return this.deny();
    }
    return this.allow();
  }

}
