package io.millrace.cli.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.cli.CommandRun;
import io.millrace.cli.TinyOgb;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace get} from a server on this machine; how it downloads is tested in datasets. */
class GetCommandTest {
  @TempDir Path folder;
  private HttpServer server;
  private Path out;

  @BeforeEach
  void serveAFolder() throws IOException {
    out = folder.resolve("out");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/archive.zip", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Path archive = folder.resolve("archive.zip");
      exchange.sendResponseHeaders(200, Files.size(archive));
      Files.copy(archive, exchange.getResponseBody());
    }
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  /** What the server serves. */
  private void zip(Path source) throws IOException {
    try (OutputStream file = Files.newOutputStream(folder.resolve("archive.zip"));
        ZipOutputStream zip = new ZipOutputStream(file);
        Stream<Path> files = Files.walk(source)) {
      for (Path path : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry("top/" + source.relativize(path)));
        Files.copy(path, zip);
      }
    }
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private CommandRun get(String path, String... more) {
    List<String> args = List.of("get", "arxiv", "--out", out.toString(), "--url", url(path));
    return CommandRun.of(Stream.concat(args.stream(), Stream.of(more)).toArray());
  }

  @Test
  void showsLicenceAndRoomAndRefusesAGraphThatIsNotTheNamed() throws IOException {
    zip(TinyOgb.in(folder.resolve("tiny")).folder());
    CommandRun run = get("/archive.zip");
    assertEquals(2, run.exitCode(), run.toString());
    assertTrue(run.err().contains("ogbn-arxiv: licence ODC-BY, " + url("/archive.zip")), run.err());
    assertTrue(run.err().contains("GiB are needed (archive"), run.err());
    assertTrue(run.err().contains("numNodes=6, needNodes=169343"), run.err());
    assertTrue(Files.exists(folder.resolve("out.zip")), "what was downloaded stays");
  }

  /** A graph with as many nodes and edges as the published one. */
  @Test
  @Tag("exhaustive")
  void makesADatasetAndSaysWhereItIsFrom() throws IOException {
    TinyOgb graph = TinyOgb.in(folder.resolve("large"));
    graph.write("raw/num-node-list.csv.gz", "169343\n");
    graph.write("raw/num-edge-list.csv.gz", "1166243\n");
    graph.write("raw/edge.csv.gz", "0,169342\n".repeat(1_166_243));
    graph.write("raw/node-feat.csv.gz", "1,0.1\n".repeat(169_343));
    graph.write("raw/node-label.csv.gz", "1\n".repeat(169_343));
    zip(graph.folder());
    JsonObject made = get("/archive.zip", "--json", "-").json();
    assertEquals("get", made.get("command").getAsString());
    assertEquals("ogbn-arxiv", made.get("name").getAsString());
    assertEquals("ODC-BY", made.get("licence").getAsString());
    assertTrue(made.get("source").getAsString().startsWith(url("/archive.zip") + ", SHA-256 "));
    CommandRun.ok("inspect", out, "--quiet");
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of("archive.zip", "large", "out"),
          left.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void helpSaysThatAnArchiveThatWasThereGoesToo() {
    String help = CommandRun.ok("get", "--help").out().replaceAll("\\s+", " ");
    assertTrue(help.contains("An existing DIR.zip is used"), help);
  }

  @Test
  void refusesInOneLine() {
    get("/nothing", "--quiet").assertBadInput("cannot download", "status=404");
    get("/x.zip", "--quiet", "--sha256", "12").assertBadInput("must be 64 hex digits", "12");
    CommandRun.of("get", "mag", "--out", out).assertBadInput("no such dataset", "ogbn-arxiv");
    CommandRun.of("get", "arxiv", "--out", out, "--url", "x").assertBadInput("http://", "url=x");
    CommandRun.of("get", "arxiv", "--out", out, "--url", "a b").assertBadInput("--url");
    CommandRun.of("get", "--out", out).assertBadInput("NAME");
  }
}
