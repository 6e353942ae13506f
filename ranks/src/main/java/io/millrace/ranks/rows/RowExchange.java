package io.millrace.ranks.rows;

import io.millrace.Internal;
import io.millrace.ranks.Collective;
import io.millrace.ranks.KeyProof;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/**
 * Rows that the ranks of a collective give to each other, next to what they compute together.
 *
 * <p>{@link #fetch} may be called by any thread, and does not use the collective. Owns connections
 * and threads until {@link #close}; the collective and the source stay the caller's.
 */
@Internal
public final class RowExchange implements AutoCloseable {
  private final RowServer server;
  private final List<RowConnection> connections;

  private RowExchange(RowServer server, List<RowConnection> connections) {
    this.server = server;
    this.connections = connections;
  }

  /**
   * Connects all ranks, which call it together.
   *
   * @param bind the address of this machine where the others ask for rows
   * @param tls encrypts the connections, if given; on all ranks or on none
   * @param source this rank's rows
   * @param rowBytes of each row, the same on all ranks
   * @param limit how long an answer may take
   * @throws io.millrace.ranks.RankFailedException if another rank cannot be reached
   * @throws io.millrace.BadInputException if the address is not one of this machine
   */
  public static RowExchange of(
      Collective ranks,
      InetAddress bind,
      Optional<SSLContext> tls,
      RowSource source,
      int rowBytes,
      Duration limit) {
    byte[] key = ranks.broadcast(ranks.rank() == 0 ? KeyProof.nonce() : new byte[0], 0);
    RowServer server =
        new RowServer(
            bind, source, rowBytes, new RowGreeting(key, ranks.rank(), tls), ranks.size());
    List<RowConnection> connections = new ArrayList<>();
    RowExchange exchange = new RowExchange(server, connections);
    try {
      List<byte[]> addresses = ranks.allGather(bytes(server.address()));
      for (int r = 0; r < ranks.size(); r++) {
        connections.add(
            r == ranks.rank()
                ? null
                : new RowConnection(
                    address(addresses.get(r)),
                    ranks.rank(),
                    new RowGreeting(key, r, tls),
                    rowBytes,
                    limit));
      }
      return exchange;
    } catch (Throwable t) {
      exchange.close();
      throw t;
    }
  }

  private static byte[] bytes(InetSocketAddress address) {
    byte[] host = address.getAddress().getAddress();
    return ByteBuffer.allocate(Integer.BYTES + host.length)
        .putInt(address.getPort())
        .put(host)
        .array();
  }

  private static InetSocketAddress address(byte[] bytes) {
    ByteBuffer fields = ByteBuffer.wrap(bytes);
    int port = fields.getInt();
    byte[] host = new byte[fields.remaining()];
    fields.get(host);
    try {
      return new InetSocketAddress(InetAddress.getByAddress(host), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // it has 4 or 16 bytes
    }
  }

  /**
   * Begins to fetch rows of another rank; does not throw.
   *
   * @param owner another rank
   * @param ids not negative
   * @param places the row of {@code ids[i]} becomes row {@code places[i]} of the output
   * @param out left alone by the caller until the result is done
   * @return is done when all rows are written, or fails with a {@link
   *     io.millrace.ranks.RankFailedException} that names the owner
   */
  public CompletableFuture<Void> fetch(int owner, int[] ids, int[] places, MemorySegment out) {
    return connections.get(owner).fetch(ids, places, out);
  }

  /** Bytes of answers so far. */
  public long bytesReceived() {
    return connections.stream().mapToLong(it -> it == null ? 0 : it.bytesReceived()).sum();
  }

  /** Ends this rank's part: requests that wait fail, here and elsewhere. */
  @Override
  public void close() {
    connections.forEach(
        it -> {
          if (it != null) {
            it.close();
          }
        });
    server.close();
  }
}
