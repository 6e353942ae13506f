package io.millrace.datasets.download;

import io.millrace.Internal;
import java.net.URI;
import java.net.URISyntaxException;

/** Addresses as they may be shown and stored. Stateless. */
@Internal
public final class Address {
  private Address() {}

  /**
   * An address without what may be a credential: user info, query (a signature is there) and
   * fragment. Messages, the state of a download and {@code dataset.yaml} have no other form.
   */
  public static URI shown(URI url) {
    String authority = String.valueOf(url.getRawAuthority());
    if (!authority.contains("@") && url.getRawQuery() == null && url.getRawFragment() == null) {
      return url;
    }
    try {
      return new URI(
          url.getScheme(), null, url.getHost(), url.getPort(), url.getPath(), null, null);
    } catch (URISyntaxException _) {
      return URI.create(url.getScheme() + ":");
    }
  }
}
