package io.millrace.datasets.download;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.DiskSpace;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/**
 * One attempt to download a file: requests the missing part and appends it.
 *
 * <p>The request has {@code Range} and {@code If-Range} (RFC 9110, 13.1.5 and 14.2): a server that
 * supports no ranges, or has another version by now, answers with the whole file, and the download
 * starts again. Used by one thread.
 */
final class DownloadAttempt {
  private static final int BUFFER_BYTES = 1 << 17;
  private static final long ASKING_BYTES = 1L << 26;
  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int SERVER_ERROR = 500;

  private final HttpClient client;
  private final Download download;
  private final PartialDownload part;
  private int restarts;

  DownloadAttempt(HttpClient client, Download download, PartialDownload part) {
    this.client = client;
    this.download = download;
    this.part = part;
  }

  /**
   * Returns when the file is complete.
   *
   * @throws IOException if the network or the server failed; another attempt may succeed
   */
  void run() throws IOException {
    Optional<ResumeMarker> marker = part.marker(download.url());
    HttpResponse<InputStream> response = send(marker);
    try (InputStream in = response.body()) {
      int status = response.statusCode();
      if (status == OK) {
        begin(marker, response);
        copy(in, ResumeMarker.contentBytes(response));
        return;
      }
      if (status == PARTIAL_CONTENT && isRest(marker, response)) {
        copy(in, totalBytes(marker.get(), response));
        return;
      }
      if (status >= SERVER_ERROR) {
        throw new IOException("status " + status);
      }
      if (marker.isEmpty() || status != PARTIAL_CONTENT && status != RANGE_NOT_SATISFIABLE) {
        throw BadInputException.of(
            "cannot download", "url", Address.shown(download.url()), "status", status);
      }
    }
    part.begin(
        Optional.empty()); // the server has another file now, although it did not report that
    noteRestart("the file changed on the server");
    run();
  }

  /** Requests the rest of the file that the marker names, or the whole file. */
  private HttpResponse<InputStream> send(Optional<ResumeMarker> marker) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(download.url()).timeout(download.retries().silence());
    marker.ifPresent(
        m ->
            request
                .header("Range", "bytes=" + part.size() + "-")
                .header("If-Range", m.validator()));
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (
        IllegalArgumentException e) { // the client's own, for instance for a length beyond 64 bits
      throw new BadInputException(
          "cannot download, the server's answer is not HTTP: cause=" + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a server", e);
    }
  }

  /** The whole file follows. */
  private void begin(Optional<ResumeMarker> marker, HttpResponse<?> response) {
    Optional<ResumeMarker> now = ResumeMarker.of(download.url(), response);
    if (part.size() > 0) {
      String why =
          marker.isEmpty()
              ? "the bytes so far cannot be verified to be of the same file"
              : marker.equals(now)
                  ? "the server supports no ranges"
                  : "the file changed on the server";
      noteRestart(why);
    }
    part.begin(now);
  }

  private void noteRestart(String why) {
    restarts++;
    download.progress().note("the download starts again: " + why);
  }

  /** Whether the answer is the requested part, of the same version. */
  private boolean isRest(Optional<ResumeMarker> marker, HttpResponse<?> response) {
    Optional<ResumeMarker> now = ResumeMarker.of(download.url(), response);
    String range = response.headers().firstValue("Content-Range").orElse("");
    return marker.isPresent()
        && range.startsWith("bytes " + part.size() + "-")
        && (now.isEmpty() || now.get().validator().equals(marker.get().validator()));
  }

  /**
   * Bytes of the whole file, or -1 if unknown. The length of the answer does not tell, because a
   * server may send less than the requested part (RFC 9110, 15.3.7).
   */
  private static long totalBytes(ResumeMarker marker, HttpResponse<?> response) {
    if (marker.totalBytes() >= 0) {
      return marker.totalBytes();
    }
    String range = response.headers().firstValue("Content-Range").orElse("");
    String total = range.substring(range.indexOf('/') + 1);
    return total.matches("\\d{1,18}") ? Long.parseLong(total) : -1;
  }

  /**
   * A file is no longer than the server has declared; without a declaration, the room on disk is
   * asked for again now and then.
   */
  private void requireRoom(long total, long size, int read) {
    if (total >= 0 && size + read > total) {
      throw BadInputException.of(
          "the server sends more than it declared",
          "url",
          Address.shown(download.url()),
          "declaredBytes",
          total);
    }
    if (total < 0 && size / ASKING_BYTES != (size + read) / ASKING_BYTES) {
      DiskSpace.require(download.file().toAbsolutePath().getParent(), size);
    }
  }

  /**
   * @param total bytes of the whole file, or -1 if unknown
   */
  private void copy(InputStream in, long total) throws IOException {
    download.space().require(total < 0 ? -1 : total - part.size(), part.size());
    String stage = restarts == 0 ? "download" : "download no. " + (restarts + 1);
    byte[] bytes = new byte[BUFFER_BYTES];
    try (TimeoutReader reads = new TimeoutReader(in, download.retries().silence())) {
      for (int read = reads.read(bytes); read >= 0; read = reads.read(bytes)) {
        requireRoom(total, part.size(), read);
        part.append(bytes, read);
        download.progress().update(stage + " (bytes)", part.size(), total);
      }
    }
    if (part.size() < total) {
      throw new IOException("the server ended after " + part.size() + " of " + total + " bytes");
    }
  }
}
