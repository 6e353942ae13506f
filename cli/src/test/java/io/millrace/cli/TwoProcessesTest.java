package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two processes with one output, of which one or both are killed at any moment. The command alone
 * then ends with the files of an undisturbed run, and nothing else lies there. The moments are
 * other ones in every run; {@code -Dkills=NUMBER} kills each command more often.
 *
 * <p>{@code bundle} is not here: it packs the jars that the command runs from, and a test runs from
 * folders of classes.
 */
@Tag("exhaustive")
class TwoProcessesTest {
  private static final int KILLS = Integer.getInteger("kills", 4);
  private static final int KILLED = 128 + 9;
  private static final String OUT = "OUT";
  private static final String ADDRESS = "ADDRESS";

  /** What the process that comes second may say. */
  private static final List<String> REFUSALS =
      List.of("another process", "exists already", "are there already");

  @TempDir private static Path folder;
  private static HttpServer server;

  private enum Command {
    TRAIN_SAVE("train GRAPH --save OUT --epochs 4 --hidden 8 --fanout 5,5 --compute-threads 1"),
    TRAIN_RESUME("train GRAPH --resume OUT --epochs 4 --hidden 8 --fanout 5,5 --compute-threads 1"),
    INFER("infer GRAPH --model MODEL --out OUT --range-nodes 300 --csv --compute-threads 1"),
    IMPORT("import edges TABLE --memory 256m --out OUT"),
    GENERATE("generate rmat --nodes 20000 --edges 900000 --memory 256m --out OUT"),
    GET("get arxiv --url ADDRESS --out OUT"),
    SPLIT_EDGES("split-edges GRAPH --valid 0.1 --test 0.1 --out OUT"),
    SAMPLE("sample GRAPH --batch-size 20 --fanout 5,5 --out OUT"),
    EXPORT_DATASET("export GRAPH --out OUT"),
    EXPORT_MODEL("export MODEL --out OUT");

    private final String line;

    Command(String line) {
      this.line = line;
    }

    /** A training is compared by its weights, because its reports hold seconds. */
    private boolean isCompared(Path file) {
      return !line.startsWith("train") || file.endsWith("model.safetensors");
    }

    /** A training that has begun is resumed. */
    private List<String> args(Path out) {
      boolean resumes = this == TRAIN_SAVE && Files.exists(out.resolve("options.json"));
      return Arrays.stream(line.split(" "))
          .map(word -> resumes && word.equals("--save") ? "--resume" : word)
          .map(word -> word.equals(OUT) ? out.toString() : word)
          .map(word -> word.equals(ADDRESS) ? address() : word)
          .map(word -> word.matches("[A-Z]+") ? folder.resolve(word).toString() : word)
          .toList();
    }
  }

  @BeforeAll
  static void makeTheInputs() throws IOException {
    Path graph = folder.resolve("GRAPH");
    CommandRun.ok("generate", "planted", "--nodes", 2000, "--features", 8, "--out", graph);
    Path model = folder.resolve("MODEL");
    CommandRun.ok("train", graph, "--save", model, "--epochs", 1, "--hidden", 8, "--fanout", "5,5");
    Random random = new Random(1);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      lines.add("user" + random.nextInt(5000) + " item" + random.nextInt(900));
    }
    Files.write(folder.resolve("TABLE"), lines);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] archive = arxiv();
    server.createContext(
        "/arxiv.zip",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive);
          }
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** An archive of as many nodes and edges as the published one has. */
  private static byte[] arxiv() throws IOException {
    TinyOgb graph = TinyOgb.in(folder.resolve("arxiv"));
    graph.write("raw/num-node-list.csv.gz", "169343\n");
    graph.write("raw/num-edge-list.csv.gz", "1166243\n");
    graph.write("raw/edge.csv.gz", "0,169342\n".repeat(1_166_243));
    graph.write("raw/node-feat.csv.gz", "1,0.1\n".repeat(169_343));
    graph.write("raw/node-label.csv.gz", "1\n".repeat(169_343));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes);
        Stream<Path> files = Files.walk(graph.folder())) {
      for (Path path : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry("top/" + graph.folder().relativize(path)));
        Files.copy(path, zip);
      }
    }
    return bytes.toByteArray();
  }

  private static String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/arxiv.zip";
  }

  @AfterAll
  static void stopTheServer() {
    server.stop(0);
  }

  @ParameterizedTest
  @EnumSource
  void endAsOneThatIsAlone(Command command) throws Exception {
    Path alone = output(command, "alone");
    long begin = System.nanoTime();
    Run undisturbed = Run.of(command, alone);
    assertEquals(0, undisturbed.end(), undisturbed.error());
    int wholeRunMillis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    Map<String, Long> expected = files(command, alone);

    long seed = System.nanoTime();
    Random random = new Random(seed);
    int kills = 0;
    for (int round = 0; kills < KILLS; round++) {
      String what = command + ", round=" + round + ", seed=" + seed;
      Path out = output(command, "round-" + round);
      for (int pair = 0; pair < 2; pair++) {
        kills += killSome(command, out, random, wholeRunMillis, what);
      }
      Run last = Run.of(command, out);
      assertTrue(last.end() == 0 || last.isRefused(), what + ": " + last.error());
      assertEquals(expected, files(command, out), what);
      assertEquals(names(alone), names(out), what);
    }
    System.out.println("two processes, " + command + ": kills=" + kills);
  }

  private static Path output(Command command, String name) throws IOException {
    String out = command == Command.SAMPLE ? "out.npz" : "out";
    return Files.createDirectories(folder.resolve(command.name()).resolve(name)).resolve(out);
  }

  /** Runs the command twice at once; returns how many of the two were killed before their end. */
  private static int killSome(
      Command command, Path out, Random random, int wholeRunMillis, String what) throws Exception {
    List<Run> both = List.of(Run.of(command, out), Run.of(command, out));
    boolean one = random.nextBoolean();
    for (Run run : both) {
      boolean ended =
          run.process.waitFor(1 + random.nextInt(wholeRunMillis), TimeUnit.MILLISECONDS);
      if (!ended && (!one || run == both.getFirst())) {
        run.process.destroyForcibly();
      }
    }
    int kills = 0;
    for (Run run : both) {
      int exitCode = run.end();
      kills += exitCode == KILLED ? 1 : 0;
      assertTrue(exitCode == 0 || exitCode == KILLED || run.isRefused(), what + ": " + run.error());
    }
    return kills;
  }

  /** The checksum of each file that is compared. */
  private static Map<String, Long> files(Command command, Path out) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(out)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        CRC32C checksum = new CRC32C();
        checksum.update(Files.readAllBytes(file));
        long value = command.isCompared(file) ? checksum.getValue() : 0;
        files.put(out.relativize(file).toString(), value);
      }
    }
    return files;
  }

  /** What lies where the output lies. */
  private static List<String> names(Path out) throws IOException {
    try (Stream<Path> paths = Files.list(out.getParent())) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private record Run(Process process, Path errors) {
    static Run of(Command command, Path out) throws IOException {
      Path root = Path.of(System.getProperty("maven.multiModuleProjectDirectory"));
      List<String> line = new ArrayList<>();
      line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      line.add("@" + root.resolve("build/jvm.flags"));
      line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"));
      line.addAll(List.of("-cp", System.getProperty("java.class.path"), Millrace.class.getName()));
      line.addAll(command.args(out));
      line.add("--quiet");
      Path errors = Files.createTempFile(folder, "run", ".err");
      Process process =
          new ProcessBuilder(line)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(errors.toFile())
              .start();
      return new Run(process, errors);
    }

    int end() throws InterruptedException {
      assertTrue(process.waitFor(5, TimeUnit.MINUTES), "hangs");
      return process.exitValue();
    }

    String error() throws IOException {
      return "exit code " + process.exitValue() + ": " + Files.readString(errors);
    }

    /** By one line that names the reason. */
    boolean isRefused() throws IOException {
      String text = Files.readString(errors);
      return process.exitValue() == 2
          && text.lines().count() == 1
          && REFUSALS.stream().anyMatch(text::contains);
    }
  }
}
