package io.millrace.datasets.download;

import io.millrace.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/**
 * Asks for what is missing of a file and appends it.
 *
 * <p>The rest is asked for with {@code Range} and {@code If-Range} (RFC 9110, 13.1.5 and 14.2): a
 * server that gives no ranges, or has another version by now, answers with the whole file, and the
 * download begins again. Used by one thread.
 */
final class DownloadAttempt {
  private static final int BUFFER_BYTES = 1 << 17;
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
   * @throws IOException if the network or the server failed: another attempt may do better
   */
  void run() throws IOException {
    Optional<ResumeMarker> mark = part.mark(download.url());
    HttpResponse<InputStream> response = send(mark);
    try (InputStream in = response.body()) {
      int status = response.statusCode();
      if (status == OK) {
        begin(mark, response);
        copy(in, ResumeMarker.contentBytes(response));
        return;
      }
      if (status == PARTIAL_CONTENT && isRest(mark, response)) {
        copy(in, totalBytes(mark.get(), response));
        return;
      }
      if (status >= SERVER_ERROR) {
        throw new IOException("status " + status);
      }
      if (mark.isEmpty() || status != PARTIAL_CONTENT && status != RANGE_NOT_SATISFIABLE) {
        throw BadInputException.of("cannot download", "url", download.url(), "status", status);
      }
    }
    part.begin(Optional.empty()); // the server has another file there, though it did not say so
    sayItBeginsAgain("the file changed on the server");
    run();
  }

  /** Asks for the rest of what the mark says, or for the whole file. */
  private HttpResponse<InputStream> send(Optional<ResumeMarker> mark) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(download.url()).timeout(download.patience().silence());
    mark.ifPresent(
        m ->
            request
                .header("Range", "bytes=" + part.size() + "-")
                .header("If-Range", m.validator()));
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a server", e);
    }
  }

  /** The whole file follows. */
  private void begin(Optional<ResumeMarker> mark, HttpResponse<?> response) {
    Optional<ResumeMarker> now = ResumeMarker.of(download.url(), response);
    if (part.size() > 0) {
      String why =
          mark.isEmpty()
              ? "nothing says that the bytes so far are of the same file"
              : mark.equals(now) ? "the server gives no ranges" : "the file changed on the server";
      sayItBeginsAgain(why);
    }
    part.begin(now);
  }

  private void sayItBeginsAgain(String why) {
    restarts++;
    download.progress().note("the download begins again: " + why);
  }

  /** Whether what follows is what was asked for, and of the same version. */
  private boolean isRest(Optional<ResumeMarker> mark, HttpResponse<?> response) {
    Optional<ResumeMarker> now = ResumeMarker.of(download.url(), response);
    String range = response.headers().firstValue("Content-Range").orElse("");
    return mark.isPresent()
        && range.startsWith("bytes " + part.size() + "-")
        && (now.isEmpty() || now.get().validator().equals(mark.get().validator()));
  }

  /**
   * Of the whole file, or -1 if nobody says: a part that follows may be less than the rest (RFC
   * 9110, 15.3.7), so its own length does not tell.
   */
  private static long totalBytes(ResumeMarker mark, HttpResponse<?> response) {
    if (mark.totalBytes() >= 0) {
      return mark.totalBytes();
    }
    String range = response.headers().firstValue("Content-Range").orElse("");
    String total = range.substring(range.indexOf('/') + 1);
    return total.matches("\\d{1,18}") ? Long.parseLong(total) : -1;
  }

  /**
   * @param total bytes of the whole file, or -1 if nobody says
   */
  private void copy(InputStream in, long total) throws IOException {
    download.space().require(total < 0 ? -1 : total - part.size(), part.size());
    String stage = restarts == 0 ? "download" : "download no. " + (restarts + 1);
    byte[] bytes = new byte[BUFFER_BYTES];
    try (TimeoutReader reads = new TimeoutReader(in, download.patience().silence())) {
      for (int read = reads.read(bytes); read >= 0; read = reads.read(bytes)) {
        part.append(bytes, read);
        download.progress().update(stage + " (bytes)", part.size(), total);
      }
    }
    if (part.size() < total) {
      throw new IOException("the server ended after " + part.size() + " of " + total + " bytes");
    }
  }
}
