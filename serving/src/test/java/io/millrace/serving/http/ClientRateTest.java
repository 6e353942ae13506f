package io.millrace.serving.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.serving.protocol.RequestException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ClientRateTest {
  private static final long SECOND = 1_000_000_000;

  private static InetAddress client(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static int accepted(ClientRate rate, int client, double seconds, int perSecond) {
    int accepted = 0;
    for (int i = 0; i < seconds * perSecond; i++) {
      try {
        rate.require(client(client), (long) ((double) i / perSecond * SECOND));
        accepted++;
      } catch (RequestException e) {
        assertEquals(429, e.status());
        assertEquals(1, e.retryAfterSeconds().orElseThrow());
      }
    }
    return accepted;
  }

  @Test
  void acceptsABurstOfOneSecondAndThenTheRateOfEachClient() {
    ClientRate rate = new ClientRate(10);
    assertEquals(110, accepted(rate, 1, 10, 1000), 1, "10 at once, and 10 in each second");
    assertEquals(110, accepted(rate, 2, 10, 1000), 1, "another client has its own");
    assertEquals(90, accepted(new ClientRate(10), 3, 10, 9), "fewer are never refused");
  }

  @Test
  void rateBelowOnePerSecondHasRoomForOne() {
    ClientRate rate = new ClientRate(0.1);
    rate.require(client(1), 0);
    RequestException e =
        assertThrows(RequestException.class, () -> rate.require(client(1), 2 * SECOND));
    assertEquals(8, e.retryAfterSeconds().orElseThrow());
    rate.require(client(1), 10 * SECOND);
  }

  @Test
  void zeroIsNoLimit() {
    assertEquals(1000, accepted(new ClientRate(0), 1, 1, 1000));
  }
}
