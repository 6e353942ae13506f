package io.millrace.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.generator.GeneratorOptions;
import io.millrace.datasets.generator.GraphGenerator;
import io.millrace.training.metrics.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README's example is the code that is compiled and run here. */
class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("maven.multiModuleProjectDirectory"));

  @Test
  void showsTheExampleAsItIsCompiled() throws IOException {
    assertShows("Example", "```java\n(try .*?)\n```");
  }

  @Test
  void showsTheModelOfOnesOwnAsItIsCompiled() throws IOException {
    assertShows("MeanMax", "```java\n(import .*?)\n```");
  }

  private static void assertShows(String type, String block) throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String source =
        Files.readString(ROOT.resolve("checks/src/test/java/io/millrace/checks/" + type + ".java"));
    assertEquals(
        find("// begin of the example\n(.*?)\n *// end of the example", source).stripIndent(),
        find(block, readme));
  }

  private static String find(String regex, String text) {
    Matcher matcher = Pattern.compile(regex, Pattern.DOTALL).matcher(text);
    assertTrue(matcher.find(), "nothing matches " + regex);
    return matcher.group(1);
  }

  @Test
  void runsTheExample(@TempDir Path folder) {
    Path dir = folder.resolve("planted");
    GeneratorOptions options = GraphGenerator.PLANTED.defaults().withNodes(5000);
    GraphGenerator.PLANTED.generate(options, dir, Progress.NONE);

    Evaluation test = Example.train(dir);

    assertTrue(test.accuracy() > 0.7, test.toString());
  }
}
