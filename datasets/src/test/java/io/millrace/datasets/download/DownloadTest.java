package io.millrace.datasets.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.FileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadTest {
  private static final int SIZE = 100_000;
  private static final int HALF = 50_000;
  private static final RetryPolicy SHORT =
      new RetryPolicy(Duration.ofSeconds(20), Duration.ofMillis(1), 3);

  @TempDir Path folder;
  private final List<String> notes = new ArrayList<>();
  private FileServer server;
  private Path file;

  @BeforeEach
  void startServer() throws IOException {
    server = new FileServer(bytes(1));
    file = folder.resolve("file.zip");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private static byte[] bytes(long seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private void download() {
    download(server.url());
  }

  private void download(URI url) {
    Progress progress =
        new Progress() {
          @Override
          public void update(String stage, long done, long total) {
            assertTrue(total == -1 || done <= total, stage + done + total);
            server.arrived = done;
          }

          @Override
          public void note(String message) {
            notes.add(message);
          }
        };
    new Download(url, file, SHORT, (_, _) -> {}, progress).run();
  }

  /** The file is whole, and nothing else is left. */
  private void assertDownloaded() throws IOException {
    assertArrayEquals(server.content, Files.readAllBytes(file));
    assertEquals(List.of("file.zip"), List.of(folder.toFile().list()));
  }

  /** As a process that was killed leaves it: half of the file. */
  private void downloadHalf() throws IOException {
    server.breaksAfter = HALF;
    server.givesRanges = false;
    Expect.badInput(this::download, "download interrupted, the same command resumes it");
    assertEquals(HALF, Files.size(folder.resolve("file.zip.part")));
    assertFalse(Files.exists(file));
    server.breaksAfter = Integer.MAX_VALUE;
    server.givesRanges = true;
    server.ranges.clear();
    notes.clear();
  }

  @Test
  void downloadsAFileWhole() throws IOException {
    download();
    assertDownloaded();
    assertEquals(List.of(""), server.ranges);
    assertEquals(List.of(), notes);
  }

  @Test
  void goesOnWhereTheConnectionBroke() throws IOException {
    server.breaksAfter = 30_000;
    download();
    assertDownloaded();
    assertEquals(List.of("", "bytes=30000-", "bytes=60000-", "bytes=90000-"), server.ranges);
    assertTrue(notes.getFirst().startsWith("download interrupted, resuming: "), notes.toString());
  }

  @Test
  void goesOnWhereAnotherProcessEnded() throws IOException {
    downloadHalf();
    download();
    assertDownloaded();
    assertEquals("\"one\"", server.versions.getLast());
    assertEquals(List.of("bytes=" + HALF + "-"), server.ranges);
  }

  @ParameterizedTest
  @ValueSource(longs = {SIZE, -1})
  void goesOnWhereTheServerGivesLessThanWasAskedFor(long totalSoFar) throws IOException {
    downloadHalf();
    new ResumeMarker(server.url(), "\"one\"", totalSoFar)
        .write(folder.resolve("file.zip.part.mark"));
    server.rangeBytes = 20_000;
    download();
    assertDownloaded();
    assertEquals(List.of("bytes=50000-", "bytes=70000-", "bytes=90000-"), server.ranges);
    assertEquals(
        "download interrupted, resuming: the server ended after 70000 of 100000 bytes",
        notes.getFirst());
  }

  @Test
  void beginsAgainWhereTheServerNamesNoVersion() throws IOException {
    server.etag = Optional.of("W/\"weak\"");
    downloadHalf();
    download();
    assertDownloaded();
    assertEquals(List.of(""), server.ranges);
    assertEquals(
        List.of(
            "the download starts again: the bytes so far cannot be verified to be of the same"
                + " file"),
        notes);
  }

  @Test
  void goesOnByTheDateWhereTheTagIsWeak() throws IOException {
    server.etag = Optional.of("W/\"weak\"");
    server.date = Optional.of("Sat, 01 Feb 2020 10:00:00 GMT");
    downloadHalf();
    download();
    assertDownloaded();
    assertEquals(List.of("bytes=" + HALF + "-"), server.ranges);
  }

  @Test
  void needsNoServerForAFileThatIsCompleteButForItsName() throws IOException {
    server.breaksAfter = SIZE - 1;
    server.givesRanges = false;
    Expect.badInput(this::download, "bytes=" + (SIZE - 1));
    Path part = folder.resolve("file.zip.part");
    Files.write(part, server.content);
    server.ranges.clear();
    download();
    assertDownloaded();
    assertEquals(List.of(), server.ranges);
  }

  @Test
  void beginsAgainWhereTheServerGivesNoRanges() throws IOException {
    downloadHalf();
    server.givesRanges = false;
    download();
    assertDownloaded();
    assertEquals(List.of("the download starts again: the server supports no ranges"), notes);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void beginsAgainWhereTheFileChanged(boolean serverComparesIfRange) throws IOException {
    downloadHalf();
    server.comparesIfRange = serverComparesIfRange;
    server.content = bytes(2);
    server.etag = Optional.of("\"two\"");
    download();
    assertDownloaded();
    assertEquals(List.of("the download starts again: the file changed on the server"), notes);
  }

  @Test
  void beginsAgainWhereTheFileIsShorterByNow() throws IOException {
    downloadHalf();
    server.comparesIfRange = false;
    server.content = new byte[HALF / 2];
    download();
    assertDownloaded();
    assertEquals(List.of("bytes=" + HALF + "-", ""), server.ranges);
  }

  @Test
  void beginsAgainAtAnotherAddress() throws IOException {
    downloadHalf();
    download(server.at("/moved.zip"));
    assertDownloaded();
    assertEquals(List.of(""), server.ranges);
  }

  @Test
  void takesAFileOfUnknownLength() throws IOException {
    server.saysLength = false;
    download();
    assertDownloaded();
  }

  @Test
  void refusesALengthBeyond64Bits() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nabc";
    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread answering = Thread.ofVirtual().start(() -> answerAll(socket, answer));
    try (socket) {
      URI url = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/file.zip");
      Expect.badInput(() -> download(url), "cannot download, the server's answer is not HTTP");
    }
    answering.join();
    assertFalse(Files.exists(file));
  }

  private static void answerAll(ServerSocket socket, String answer) {
    try {
      while (true) {
        try (Socket client = socket.accept()) {
          client.getInputStream().read(new byte[1 << 12]);
          client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException _) {
      // closed by the test
    }
  }

  @Test
  void tellsWhatTheServerAnswers() {
    server.status = Optional.of(404);
    Expect.badInput(this::download, "cannot download: url=" + server.url() + ", status=404");
    server.status = Optional.of(503);
    Expect.badInput(this::download, "cannot download", "cause=status 503");
    server.status = Optional.of(416);
    Expect.badInput(this::download, "cannot download", "status=416");
    assertEquals(3, server.ranges.size(), "none is worth another attempt");
  }

  @Test
  void tellsThatNobodyAnswers() {
    URI url = server.url();
    server.close();
    Expect.badInput(() -> download(url), "cannot download: url=" + url, "cause=connection refused");
    String label = "n".repeat(64); // no name server is asked for one of more than 63 letters
    URI nobody = URI.create("http://" + label + ".invalid/file.zip");
    Expect.badInput(() -> download(nobody), "cannot download: url=" + nobody, "unknown host");
    assertEquals(0, folder.toFile().list().length, "no file of no bytes");
  }

  @Test
  @Tag("exhaustive")
  void givesUpWhereTheServerFallsSilent() {
    server.fallsSilent = true;
    server.breaksAfter = HALF;
    server.givesRanges = false; // so no attempt comes further than the first
    RetryPolicy seconds = new RetryPolicy(Duration.ofSeconds(5), Duration.ofMillis(1), 1);
    Download download = new Download(server.url(), file, seconds, (_, _) -> {}, Progress.NONE);
    Expect.badInput(
        download::run, "the same command resumes it", "bytes=" + HALF, "no data for 5 s");
    assertEquals(2, server.ranges.size());
  }

  @Test
  void refusesAFileThatAnotherProcessDownloadsTo() {
    try (PartialDownload _ = PartialDownload.open(file)) {
      Expect.badInput(
          this::download, "another process is downloading to this file", "file.zip.part");
    }
    assertEquals(List.of(), server.ranges);
  }

  @Test
  void asksForRoomBeforeItWrites() throws IOException {
    downloadHalf();
    List<Long> asked = new ArrayList<>();
    Download.SpaceCheck space =
        (missing, present) -> {
          asked.addAll(List.of(missing, present));
          throw BadInputException.of("no room");
        };
    Download download = new Download(server.url(), file, SHORT, space, Progress.NONE);
    Expect.badInput(download::run, "no room");
    assertEquals(List.of((long) SIZE - HALF, (long) HALF), asked);
    assertEquals(HALF, Files.size(folder.resolve("file.zip.part")));
  }
}
