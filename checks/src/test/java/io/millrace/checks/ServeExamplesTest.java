package io.millrace.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cli.Millrace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The examples of running a server are well-formed, and name options that exist. */
class ServeExamplesTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("maven.multiModuleProjectDirectory"), "examples", "serve");

  @Test
  void unitHasSectionsAndSettings() throws IOException {
    List<String> sections = new ArrayList<>();
    List<String> serve = List.of();
    for (String line : Files.readAllLines(FOLDER.resolve("millrace.service"))) {
      if (line.startsWith("[")) {
        assertTrue(line.matches("\\[(Unit|Service|Install)\\]"), line);
        sections.add(line);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        assertTrue(line.matches("[A-Z][A-Za-z]*=.+"), line);
        if (line.startsWith("ExecStart=")) {
          serve = List.of(line.split(" "));
        }
      }
    }
    assertEquals(List.of("[Unit]", "[Service]", "[Install]"), sections);
    requireOptions(serve);
  }

  @Test
  void manifestIsYamlOfTheObjectsThatItNames() throws IOException {
    List<String> kinds = new ArrayList<>();
    for (Object document :
        new Load(LoadSettings.builder().build())
            .loadAllFromString(Files.readString(FOLDER.resolve("kubernetes.yaml")))) {
      Map<?, ?> object = (Map<?, ?>) document;
      kinds.add(object.get("kind").toString());
      assertTrue(object.containsKey("apiVersion") && object.containsKey("spec"));
      if (object.get("kind").equals("Deployment")) {
        Map<?, ?> spec = (Map<?, ?>) object.get("spec");
        Map<?, ?> pod = (Map<?, ?>) ((Map<?, ?>) spec.get("template")).get("spec");
        Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).getFirst();
        requireOptions(((List<?>) container.get("args")).stream().map(Object::toString).toList());
      }
    }
    assertEquals(List.of("Deployment", "Service"), kinds);
  }

  /** Blocks are closed, directives end, and what it passes on is where serve listens. */
  @Test
  void proxyPassesOnWhatServesPredictionsAndNothingElse() throws IOException {
    String text = Files.readString(FOLDER.resolve("nginx.conf"));
    int depth = 0;
    List<String> passed = new ArrayList<>();
    String location = "";
    for (String line : text.lines().toList()) {
      String code = line.replaceAll("#.*", "").strip();
      if (code.endsWith("{")) {
        depth++;
        location = code.startsWith("location") ? code.split(" ")[code.split(" ").length - 2] : "";
      } else if (code.equals("}")) {
        depth--;
      } else if (!code.isEmpty()) {
        assertTrue(code.matches("[a-z_]+ .+;"), line);
        if (code.startsWith("proxy_pass ")) {
          passed.add(location);
        }
      }
      assertTrue(depth >= 0, line);
    }
    assertEquals(0, depth);
    assertEquals(List.of("/v2/models", "/v2/health/ready"), passed);
    assertTrue(text.contains("server 127.0.0.1:8080;"), "the port of serve");
    assertTrue(text.contains("proxy_set_header Host localhost;"));
  }

  /** The help of the command names each option. */
  private static void requireOptions(List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Millrace.run(
        new String[] {"serve", "--help"},
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(out, true, StandardCharsets.UTF_8));
    List<String> options = words.stream().filter(word -> word.startsWith("--")).toList();
    assertTrue(options.size() >= 4, "options " + options);
    for (String option : options) {
      assertTrue(out.toString(StandardCharsets.UTF_8).contains(option + "="), option);
    }
  }
}
