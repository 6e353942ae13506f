package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.datasets.GraphDataset;
import io.millrace.serving.models.ModelSettings.Mode;
import io.millrace.training.files.ModelFile;
import io.millrace.training.scoring.NodeScorer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the clients of the README against a server. */
class ReadmeTest {
  private static final Path README =
      Path.of(System.getProperty("maven.multiModuleProjectDirectory"), "serving", "README.md");

  @TempDir Path folder;

  private final GraphDataset data = TestModels.data();
  private PredictionServer server;
  private String address;
  private int[] expected;

  @BeforeEach
  void start() {
    TestModels.save(folder.resolve("mine"), 1);
    server = PredictionServer.of(data, TestModels.settings(Mode.EXACT, 60_000), 1 << 20);
    server.add("mine", folder.resolve("mine"), Optional.empty());
    address = server.start(ServerOptions.defaults()).toString();
    try (NodeScorer scorer =
        NodeScorer.builder(data, ModelFile.read(folder.resolve("mine"))).build()) {
      expected = scorer.score(7, 42).classes();
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  @Tag("exhaustive")
  void pythonClientPrintsTheClasses() throws Exception {
    assertEquals(
        Arrays.toString(expected), output("python3", "-c", blocks("python").getFirst()).strip());
  }

  @Test
  void curlAsksByNameAndForNewNodes() throws Exception {
    List<String> commands = blocks("bash");
    JsonObject named = json(output("bash", "-c", commands.get(0)));
    assertEquals(
        Arrays.toString(expected).replace(" ", ""),
        named.getAsJsonArray("outputs").get(0).getAsJsonObject().get("data").toString());
    JsonObject unknown = json(output("bash", "-c", commands.get(1)));
    assertEquals(4, unknown.getAsJsonArray("outputs").size());
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static List<String> blocks(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(README));
    List<String> blocks = new ArrayList<>();
    while (block.find()) {
      blocks.add(block.group(1));
    }
    assertTrue(!blocks.isEmpty(), "the README has no " + language);
    return blocks;
  }

  private String output(String... command) throws IOException, InterruptedException {
    String tool = command[0].equals("bash") ? "curl" : command[0];
    boolean there =
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(place -> Files.isExecutable(Path.of(place, tool)));
    assumeTrue(there, tool + " is not installed");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ADDRESS", address);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }
}
