package io.millrace.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Nothing depends on the language of the machine: in Arabic {@code %d} writes other digits, so a
 * file has another name; in Turkish the lower case of I is not i, and a number has a comma.
 */
class LocaleTest {
  private static final Path ROOT = Path.of(System.getProperty("maven.multiModuleProjectDirectory"));

  /** Numbers that {@code formatted} writes; {@code %s} and {@code %x} do not ask the locale. */
  private static final Pattern FORMATTED =
      Pattern.compile(
          "%[-#+"
              + " 0,(]*\\d*(\\.\\d+)?[defg](?:[^\";\\\\]|\\\\.|\"\\s*\\+\\s*\")*\"\\s*\\.formatted\\(");

  private static final Pattern WITHOUT_LOCALE =
      Pattern.compile("\\.to(Lower|Upper)Case\\(\\)|(?:String\\.format|printf)\\(\\s*\"");

  @Test
  void noSourceFormatsNumbersOrChangesCaseInTheMachinesLanguage() throws IOException {
    List<String> found = new ArrayList<>();
    int numSources = 0;
    for (Path module : list(ROOT)) {
      for (Path file : javaFiles(module.resolve("src/main/java"))) {
        numSources++;
        found.addAll(inTheMachinesLanguage(Files.readString(file), file.getFileName()));
      }
    }
    assertTrue(numSources > 300, "sources=" + numSources);
    assertEquals(List.of(), found);
  }

  @Test
  void findsWhatItLooksFor() {
    Path name = Path.of("A.java");
    for (String source :
        List.of(
            "\"shard-%05d\".formatted(range)",
            "\"%.1f of %s\"\n  + \" GiB\"\n .formatted(x, y)",
            "name.toLowerCase()",
            "String.format(\"%s\", x)")) {
      assertEquals(1, inTheMachinesLanguage(source, name).size(), source);
    }
    for (String source :
        List.of(
            "\"%s, %08x\".formatted(x, y)",
            "String.format(Locale.ROOT, \"%d\", x)", "name.toLowerCase(Locale.ROOT)")) {
      assertEquals(List.of(), inTheMachinesLanguage(source, name), source);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.toList();
    }
  }

  private static List<Path> javaFiles(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> path.toString().endsWith(".java")).toList();
    }
  }

  private static List<String> inTheMachinesLanguage(String source, Path name) {
    return Stream.of(FORMATTED, WITHOUT_LOCALE)
        .flatMap(pattern -> pattern.matcher(source).results())
        .map(match -> name + ": " + match.group())
        .toList();
  }
}
