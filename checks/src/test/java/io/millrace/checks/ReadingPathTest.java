package io.millrace.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * README lists the classes of a path through the code, from the trainer to the tensors of a batch;
 * the Javadoc of each class on it names the next one.
 */
class ReadingPathTest {
  private static final Path ROOT = Path.of(System.getProperty("maven.multiModuleProjectDirectory"));

  private static final Pattern LIST =
      Pattern.compile("path through the code: ((?:`\\w+`[,.\\s]*)+)");
  private static final Pattern NEXT =
      Pattern.compile("Next class to read: \\{@(?:link|code) (?:[\\w.]*\\.)?(\\w+)}");

  @Test
  void leadsFromClassToClassAsReadmeListsThem() throws IOException {
    List<String> path = listed();
    assertTrue(path.size() > 5, path.toString());

    List<String> followed = new ArrayList<>();
    for (String type = path.getFirst(); !followed.contains(type); type = next(type)) {
      followed.add(type);
      if (type.equals(path.getLast())) {
        break;
      }
    }
    assertEquals(path, followed);
  }

  @Test
  void endsWhereReadmeSaysThatItEnds() throws IOException {
    String last = listed().getLast();
    assertEquals(List.of(), links(last));
    assertTrue(javadoc(last).contains("The path through the code ends here."), javadoc(last));
  }

  private static List<String> listed() throws IOException {
    Matcher list = LIST.matcher(Files.readString(ROOT.resolve("README.md")));
    assertTrue(list.find(), "README has no path through the code");
    return Arrays.stream(list.group(1).split("[`,.\\s]+")).filter(name -> !name.isEmpty()).toList();
  }

  private static String next(String type) throws IOException {
    List<String> links = links(type);
    assertEquals(1, links.size(), type + " names as the next class to read: " + links);
    return links.getFirst();
  }

  private static List<String> links(String type) throws IOException {
    return NEXT.matcher(javadoc(type)).results().map(match -> match.group(1)).toList();
  }

  /** The comment in front of the type, its line breaks removed. */
  private static String javadoc(String type) throws IOException {
    String source = Files.readString(source(type));
    Matcher declaration =
        Pattern.compile(
                "^(?:public |final )*(?:class|record|interface) " + type + "\\b", Pattern.MULTILINE)
            .matcher(source);
    assertTrue(declaration.find(), type + " is not declared in its file");
    int end = source.lastIndexOf("*/", declaration.start());
    int begin = source.lastIndexOf("/**", end);
    assertTrue(begin >= 0, type + " has no Javadoc");
    return source.substring(begin, end).replaceAll("\\s*\\n \\*\\s*", " ");
  }

  private static Path source(String type) throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path main :
          modules.map(m -> m.resolve("src/main/java")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(main)) {
          List<Path> found = files.filter(file -> file.endsWith(type + ".java")).toList();
          if (!found.isEmpty()) {
            assertEquals(1, found.size(), type + " is ambiguous: " + found);
            return found.getFirst();
          }
        }
      }
    }
    throw new AssertionError("no source of " + type);
  }
}
