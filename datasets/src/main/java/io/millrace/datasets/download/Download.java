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
 * Downloads a file by HTTP, and goes on where an attempt before it ended, in this process or in one
 * that was killed.
 *
 * <p>Used by one thread. The next class to read is {@link DownloadAttempt}.
 *
 * @param url the address
 * @param file to make; its folder must be there
 * @param patience how long to wait for the server
 * @param space asked before anything is written
 */
@Internal
public record Download(
    URI url, Path file, RetryPolicy patience, SpaceCheck space, Progress progress) {

  /** Refuses, by an exception, what there is no room for. */
  @FunctionalInterface
  public interface SpaceCheck {
    /**
     * @param missingBytes that are still to come, or -1 if the server does not say
     * @param presentBytes that are there
     */
    void require(long missingBytes, long presentBytes);
  }

  /**
   * @throws BadInputException if the file cannot be had; what came of it is kept for the next time
   */
  public void run() {
    try (PartialDownload part = PartialDownload.open(file)) {
      Optional<ResumeMarker> mark = part.mark(url);
      if (mark.isEmpty() || mark.get().totalBytes() != part.size()) {
        receive(part);
      }
      part.complete();
    }
  }

  /** Attempt after attempt, as long as they bring new bytes now and then. */
  private void receive(PartialDownload part) {
    long furthest = part.size();
    int fruitless = patience.attempts() - 1; // the first must bring something
    try (HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .version(HttpClient.Version.HTTP_1_1) // a long download gains nothing from HTTP 2
            .connectTimeout(patience.silence())
            .build()) {
      DownloadAttempt attempt = new DownloadAttempt(client, this, part);
      while (true) {
        try {
          attempt.run();
          return;
        } catch (IOException e) {
          fruitless = part.size() > furthest ? 0 : fruitless + 1;
          furthest = Math.max(furthest, part.size());
          if (fruitless == patience.attempts()) {
            throw failed(e, part.size());
          }
          progress.note("download interrupted, it goes on: " + words(e));
          patience.pauseAfter(fruitless);
        }
      }
    }
  }

  private BadInputException failed(IOException e, long bytes) {
    return bytes == 0
        ? BadInputException.of("cannot download", "url", url, "cause", words(e))
        : BadInputException.of(
            "download interrupted, the same command goes on from here",
            "url",
            url,
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
