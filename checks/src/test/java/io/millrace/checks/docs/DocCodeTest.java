package io.millrace.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The Java code of the pages is the code that is compiled and run here: each block equals one
 * region {@code begin of the example} to {@code end of the example} of this package's sources, and
 * each region is run by {@link ExamplesTest} or {@link OwnModelTest}.
 */
class DocCodeTest {
  private static final Pattern REGION =
      Pattern.compile("// begin of the example\n(.*?)\n *// end of the example", Pattern.DOTALL);
  private static final Set<String> KINDS =
      Set.of("java", "text", "sh", "sh exhaustive", "sh ci", "sh norun");

  @Test
  void everyBlockIsOfAKindThatIsChecked() {
    List<String> others =
        DocBlock.all().stream()
            .filter(block -> !KINDS.contains(block.info()))
            .map(block -> block.place() + ": " + block.info())
            .toList();
    assertEquals(List.of(), others);
  }

  @Test
  void everyJavaBlockIsCompiledAndEveryCompiledExampleIsShown() throws IOException {
    List<String> compiled = regions();
    List<String> shown = new ArrayList<>();
    for (DocBlock block : DocBlock.all()) {
      if (block.language().equals("java")) {
        assertTrue(
            compiled.contains(block.text()),
            "not compiled: " + block.place() + "\n" + block.text());
        shown.add(block.text());
      }
    }
    assertEquals(counts(compiled), counts(shown), "each example is shown once");
    assertTrue(shown.size() >= 5, "only " + shown.size() + " examples found");
  }

  private static TreeMap<String, Long> counts(List<String> texts) {
    return texts.stream()
        .collect(Collectors.groupingBy(text -> text, TreeMap::new, Collectors.counting()));
  }

  private static List<String> regions() throws IOException {
    Path folder = DocBlock.ROOT.resolve("checks/src/test/java/io/millrace/checks/docs");
    List<String> regions = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        if (file.endsWith("DocCodeTest.java")) {
          continue;
        }
        Matcher matcher = REGION.matcher(Files.readString(file));
        while (matcher.find()) {
          // the formatter puts an empty line between a member and the end
          regions.add(matcher.group(1).stripTrailing().stripIndent());
        }
      }
    }
    return regions;
  }
}
