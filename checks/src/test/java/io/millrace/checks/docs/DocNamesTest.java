package io.millrace.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Types that a page names in backticks exist. Names of one word are not looked at. */
class DocNamesTest {
  /** Types of the JDK and of PyG, which a page compares with. */
  private static final Set<String> FOREIGN =
      Set.of("AutoCloseable", "CrossValidator", "MemorySegment", "NeighborLoader");

  private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern TYPE =
      Pattern.compile("(?<![\\w.$/<-])(?:[A-Z][a-z0-9]+){2,}(?![\\w-])");
  private static final Pattern DECLARATION =
      Pattern.compile("\\b(?:class|record|enum|interface) ([A-Z]\\w*)");

  @Test
  void everyTypeNamedOnAPageExists() throws IOException {
    Set<String> types = types();
    List<String> unknown = new ArrayList<>();
    for (String page : DocBlock.pages()) {
      unknown.addAll(unknown(page, DocBlock.read(page), types));
    }
    assertEquals(List.of(), unknown);
  }

  @Test
  void findsATypeThatDoesNotExist() {
    String page = "`GraphTrainer.fit`, `SubcommandProvider`\n```\nIn a `NoType` block\n```\n";
    assertEquals(
        List.of("page: SubcommandProvider"), unknown("page", page, Set.of("GraphTrainer")));
  }

  private static List<String> unknown(String page, String markdown, Set<String> types) {
    String prose = markdown.replaceAll("(?ms)^\\s*```.*?^\\s*```", "");
    List<String> unknown = new ArrayList<>();
    Matcher code = CODE.matcher(prose);
    while (code.find()) {
      Matcher type = TYPE.matcher(code.group(1));
      while (type.find()) {
        if (!types.contains(type.group()) && !FOREIGN.contains(type.group())) {
          unknown.add(page + ": " + type.group());
        }
      }
    }
    return unknown;
  }

  /** All types of the repository's sources, nested ones and those of tests too. */
  private static Set<String> types() throws IOException {
    Set<String> types = new HashSet<>();
    try (Stream<Path> modules = Files.list(DocBlock.ROOT)) {
      for (Path module :
          modules.map(path -> path.resolve("src")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(module)) {
          for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
            Matcher declaration = DECLARATION.matcher(Files.readString(file));
            while (declaration.find()) {
              types.add(declaration.group(1));
            }
          }
        }
      }
    }
    assertTrue(types.contains("GraphTrainer"));
    return types;
  }
}
