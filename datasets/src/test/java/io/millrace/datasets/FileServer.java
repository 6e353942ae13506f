package io.millrace.datasets;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves one file on this machine, as well or as badly as it is told to. */
public final class FileServer implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 12;
  private static final Duration ARRIVAL = Duration.ofSeconds(10);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** The Range of each request so far, empty for a whole file. */
  public final List<String> ranges = new CopyOnWriteArrayList<>();

  /** The If-Range of each request that had one. */
  public final List<String> versions = new CopyOnWriteArrayList<>();

  public volatile byte[] content;
  public volatile Optional<String> etag = Optional.of("\"one\"");
  public volatile Optional<String> date = Optional.empty();
  public volatile boolean givesRanges = true;
  public volatile boolean comparesIfRange = true;
  public volatile boolean saysLength = true;

  /** A range has no more bytes than this, however many were asked for. */
  public volatile int rangeBytes = Integer.MAX_VALUE;

  /** An answer other than the file. */
  public volatile Optional<Integer> status = Optional.empty();

  /** So many bytes of each answer are sent, then the connection is closed, or falls silent. */
  public volatile int breaksAfter = Integer.MAX_VALUE;

  public volatile boolean fallsSilent;

  /**
   * How much of the file has come of the answer under way, as the client says: of a connection that
   * breaks it may throw away what it has received and not yet read.
   */
  public volatile long arrived;

  /** What the length is said to be, where it is not that of the content. */
  public volatile Optional<Long> lengthSaid = Optional.empty();

  public volatile long pauseMillis;

  public FileServer(byte[] content) throws IOException {
    this.content = content;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/file.zip", this::answer);
    server.createContext("/moved.zip", this::sendElsewhere);
    server.start();
  }

  public URI url() {
    return at("/file.zip");
  }

  public URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void sendElsewhere(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Location", url().toString());
      exchange.sendResponseHeaders(302, -1);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Headers asked = exchange.getRequestHeaders();
      String range = Optional.ofNullable(asked.getFirst("Range")).orElse("");
      ranges.add(range);
      arrived = 0;
      if (status.isPresent()) {
        exchange.sendResponseHeaders(status.get(), -1);
        return;
      }
      etag.ifPresent(tag -> exchange.getResponseHeaders().set("ETag", tag));
      date.ifPresent(value -> exchange.getResponseHeaders().set("Last-Modified", value));
      Optional<String> version = Optional.ofNullable(asked.getFirst("If-Range"));
      version.ifPresent(versions::add);
      boolean same = !comparesIfRange || etag.equals(version) || date.equals(version);
      int from = givesRanges && same && !range.isEmpty() ? first(range) : 0;
      if (from > 0 && from >= content.length) {
        exchange.sendResponseHeaders(416, -1);
        return;
      }
      int end =
          from > 0 ? (int) Math.min(content.length, (long) from + rangeBytes) : content.length;
      if (from > 0) {
        String sent = "bytes %d-%d/%d".formatted(from, end - 1, content.length);
        exchange.getResponseHeaders().set("Content-Range", sent);
      }
      long length = lengthSaid.orElse((long) end - from);
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, saysLength ? length : 0);
      send(exchange.getResponseBody(), from, end);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static int first(String range) {
    return Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
  }

  private void send(OutputStream out, int from, int whole)
      throws IOException, InterruptedException {
    int end = (int) Math.min(whole, (long) from + breaksAfter);
    for (int at = from; at < end; at += CHUNK_BYTES) {
      out.write(content, at, Math.min(CHUNK_BYTES, end - at));
      out.flush();
      Thread.sleep(pauseMillis);
    }
    if (end < whole) {
      if (fallsSilent) {
        Thread.sleep(Duration.ofMinutes(1));
      }
      awaitArrival(end);
    } else {
      out.close();
    }
  }

  /** Not for ever: a client may have given up. */
  private void awaitArrival(long bytes) throws InterruptedException {
    long start = System.nanoTime();
    while (arrived < bytes && System.nanoTime() - start < ARRIVAL.toNanos()) {
      Thread.sleep(1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
