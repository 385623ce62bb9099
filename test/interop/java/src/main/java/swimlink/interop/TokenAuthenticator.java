package swimlink.interop;

import swim.api.auth.AbstractAuthenticator;
import swim.api.auth.Credentials;
import swim.api.auth.Identity;
import swim.api.policy.PolicyDirective;
import swim.auth.Authenticated;

/** Token {@code good} is authenticated, {@code bad} is denied, and anything else is nobody's. */
public class TokenAuthenticator extends AbstractAuthenticator {

  private final InteropPolicy policy;

  TokenAuthenticator(InteropPolicy policy) {
    this.policy = policy;
  }

  @Override
  public PolicyDirective<Identity> authenticate(Credentials credentials) {
    final String token = credentials.claims().get("token").stringValue("");
    if ("good".equals(token)) {
      return PolicyDirective.<Identity>allow(
          new Authenticated(credentials.requestUri(), credentials.fromUri(), credentials.claims()));
    }
    if ("bad".equals(token)) {
      return this.policy.<Identity>deny();
    }
    return null;
  }

}
