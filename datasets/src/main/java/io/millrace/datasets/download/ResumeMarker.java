package io.millrace.datasets.download;

import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Identifies the remote version of a partial download, so that it can be resumed.
 *
 * @param url the address, as {@link Address#shown}: a signature may be another one by now
 * @param validator identifies this version to the server: its ETag or its date
 * @param totalBytes of the whole file, or -1 if unknown
 */
record ResumeMarker(URI url, String validator, long totalBytes) {
  ResumeMarker {
    url = Address.shown(url);
  }

  /**
   * The marker of an answer that begins with the first byte; empty if the server names no version.
   */
  static Optional<ResumeMarker> of(URI url, HttpResponse<?> response) {
    HttpHeaders headers = response.headers();
    return headers
        .firstValue("ETag")
        .filter(tag -> !tag.startsWith("W/")) // a weak one may be the same for different bytes
        .or(() -> headers.firstValue("Last-Modified"))
        .map(validator -> new ResumeMarker(url, validator, contentBytes(response)));
  }

  /** Bytes of the body, or -1 if unknown. */
  static long contentBytes(HttpResponse<?> response) {
    return response.headers().firstValueAsLong("Content-Length").orElse(-1);
  }

  /** Reads a marker; empty if the file is missing or incomplete. */
  static Optional<ResumeMarker> read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.size() == 4 && lines.getLast().equals("end")
          ? Optional.of(
              new ResumeMarker(
                  URI.create(lines.get(0)), lines.get(1), Long.parseLong(lines.get(2))))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  void write(Path file) {
    try {
      Files.write(file, List.of(url.toString(), validator, Long.toString(totalBytes), "end"));
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "state of the download", e);
    }
  }
}
