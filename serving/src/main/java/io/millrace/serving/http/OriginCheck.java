package io.millrace.serving.http;

import com.sun.net.httpserver.Headers;
import io.millrace.serving.protocol.RequestException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Refuses what a page of another site makes a browser send. A browser on this machine reaches a
 * server on loopback, too, and no firewall is in between.
 *
 * <ul>
 *   <li>A request that changes or computes something must not come from a page of another origin.
 *       Browsers say where a page is from, other clients do not.
 *   <li>A server on loopback without a token must be called by a name of loopback: a site whose
 *       name is made to point to 127.0.0.1 (DNS rebinding) is of one origin with it.
 * </ul>
 *
 * @param loopbackOnly whether {@code Host} must be a name of loopback, or {@code host}
 * @param host the name that the server was told to listen on
 */
record OriginCheck(boolean loopbackOnly, String host) {
  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

  static OriginCheck of(String host, AccessToken token) {
    return new OriginCheck(token == AccessToken.NONE && isLoopback(host), host);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false; // listening fails, and says so
    }
  }

  /**
   * @param safe whether the request only reads
   * @throws RequestException 403 if it comes from a page of another site
   */
  void require(Headers headers, boolean safe) {
    String called = Optional.ofNullable(headers.getFirst("Host")).orElse("");
    String name = name(called);
    if (loopbackOnly && !isLoopbackName(name) && !name.equalsIgnoreCase(host)) {
      throw RequestException.of(403, "without a token, Host must be of this machine", "Host", name);
    }
    if (!safe && !isOwn(headers, called)) {
      throw RequestException.of(
          403, "a page of another site must not call", "Origin", headers.getFirst("Origin"));
    }
  }

  /** Whether the request is no page's, or a page's of this server. */
  private static boolean isOwn(Headers headers, String called) {
    String site = headers.getFirst("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin") || site.equals("none");
    }
    String origin = headers.getFirst("Origin");
    return origin == null || isOf(origin, called);
  }

  private static boolean isOf(String origin, String called) {
    try {
      return called.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Without the port. */
  private static String name(String called) {
    int end = called.startsWith("[") ? called.indexOf(']') + 1 : called.indexOf(':');
    return end <= 0 ? called : called.substring(0, end);
  }

  private static boolean isLoopbackName(String name) {
    return name.equalsIgnoreCase("localhost")
        || name.equals("[::1]")
        || LOOPBACK.matcher(name).matches();
  }
}
