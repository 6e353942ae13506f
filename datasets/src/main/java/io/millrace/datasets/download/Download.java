package io.millrace.datasets.download;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Progress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Downloads a file over HTTP and resumes where the previous attempt ended, in this process or in
 * one that was killed.
 *
 * <p>Used by one thread.
 *
 * @param url the address
 * @param file to create; its folder must exist
 * @param retries how long to wait for the server, and how often
 * @param space asked before anything is written
 */
@Internal
public record Download(
    URI url, Path file, RetryPolicy retries, SpaceCheck space, Progress progress) {

  /** Throws an exception if there is too little room. */
  @FunctionalInterface
  public interface SpaceCheck {
    /**
     * @param missingBytes that are still to come, or -1 if unknown
     * @param presentBytes already received
     */
    void require(long missingBytes, long presentBytes);
  }

  /**
   * @throws BadInputException if the download fails; the bytes received are kept, so that the next
   *     one resumes
   */
  public void run() {
    try (PartialDownload part = PartialDownload.open(file)) {
      Optional<ResumeMarker> marker = part.marker(url);
      if (marker.isEmpty() || marker.get().totalBytes() != part.size()) {
        receive(part);
      }
      part.complete();
    }
  }

  /**
   * Makes attempts until one completes the file, or until several in a row receive no new bytes.
   */
  private void receive(PartialDownload part) {
    long furthest = part.size();
    int futile = retries.attempts() - 1; // the first must receive something
    try (HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .version(HttpClient.Version.HTTP_1_1) // a long download gains nothing from HTTP 2
            .connectTimeout(retries.silence())
            .build()) {
      DownloadAttempt attempt = new DownloadAttempt(client, this, part);
      while (true) {
        try {
          attempt.run();
          return;
        } catch (IOException e) {
          futile = part.size() > furthest ? 0 : futile + 1;
          furthest = Math.max(furthest, part.size());
          if (futile == retries.attempts()) {
            throw failed(e, part.size());
          }
          progress.note("download interrupted, resuming: " + words(e));
          retries.pauseAfter(futile);
        }
      }
    }
  }

  private BadInputException failed(IOException e, long bytes) {
    return bytes == 0
        ? BadInputException.of("cannot download", "url", Address.shown(url), "cause", words(e))
        : BadInputException.of(
            "download interrupted, the same command resumes it",
            "url",
            Address.shown(url),
            "bytes",
            bytes,
            "cause",
            words(e));
  }

  /** The client's own exceptions often have no message. */
  private static String words(IOException e) {
    return switch (e) {
      case ConnectException c when isUnknownHost(c) -> "unknown host";
      case ConnectException _ -> "connection refused";
      case HttpTimeoutException _ -> "no answer in time";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  private static boolean isUnknownHost(ConnectException e) {
    return Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
        .anyMatch(UnresolvedAddressException.class::isInstance);
  }
}
