package io.millrace.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * README lists the classes of a path through the code, from the trainer to the tensors of a batch;
 * the Javadoc of each class on it names the next one. A public class names the next public one,
 * because its Javadoc is for users, who see no other.
 */
class ReadingPathTest {
  private static final Path ROOT = Path.of(System.getProperty("maven.multiModuleProjectDirectory"));

  private static final String PACKAGE = "package-info.java";
  private static final Map<String, Path> SOURCES = sources();

  private static final Pattern LIST =
      Pattern.compile("path through the code: ((?:`\\w+`[,.\\s]*)+)");
  private static final Pattern NEXT =
      Pattern.compile("Next class to read: \\{@(?:link|code) (?:[\\w.]*\\.)?(\\w+)}");

  /** The types that a comment links. */
  private static final Pattern LINK =
      Pattern.compile("\\{@link(?:plain)? (?:[a-z]\\w*\\.)*([A-Z]\\w*)");

  @Test
  void leadsFromClassToClassAsReadmeListsThem() throws IOException {
    List<String> path = listed();
    assertTrue(path.size() > 5, path.toString());
    for (int i = 0; i < path.size() - 1; i++) {
      String type = path.get(i);
      List<String> rest = path.subList(i + 1, path.size());
      String next =
          isPublic(type)
              ? rest.stream().filter(ReadingPathTest::isPublic).findFirst().orElseThrow()
              : rest.getFirst();
      assertEquals(List.of(next), links(type), type);
    }
  }

  @Test
  void theJavadocOfAPublicClassLinksPublicClassesOnly() throws IOException {
    Set<String> hidden = new TreeSet<>(SOURCES.keySet());
    hidden.removeIf(ReadingPathTest::isPublic);
    List<String> wrong = new ArrayList<>();
    for (String type : SOURCES.keySet()) {
      if (isPublic(type)) {
        LINK.matcher(javadoc(type))
            .results()
            .map(link -> link.group(1))
            .filter(hidden::contains)
            .forEach(linked -> wrong.add(type + " links " + linked));
      }
    }
    assertTrue(hidden.size() > 100, hidden.toString());
    assertEquals(List.of(), wrong);
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

  private static List<String> links(String type) throws IOException {
    return NEXT.matcher(javadoc(type)).results().map(match -> match.group(1)).toList();
  }

  /** The comment in front of the type, its line breaks removed; empty if there is none. */
  private static String javadoc(String type) throws IOException {
    String source = Files.readString(SOURCES.get(type));
    String before = source.substring(0, declaration(type, source).start());
    int begin = before.lastIndexOf("/**");
    int end = before.indexOf("*/", Math.max(0, begin));
    return begin < 0 ? "" : before.substring(begin, end).replaceAll("\\s*\\n \\*\\s*", " ");
  }

  private static boolean isPublic(String type) {
    try {
      return declaration(type, Files.readString(SOURCES.get(type))).group().contains("public ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Matcher declaration(String type, String source) {
    String kinds = "(?:class|record|interface|@interface|enum) ";
    Pattern pattern =
        Pattern.compile(
            "^(?:public |\\w+ |non-sealed )*" + kinds + type + "\\b", Pattern.MULTILINE);
    Matcher declaration = pattern.matcher(source);
    assertTrue(declaration.find(), type + " is not declared in its file");
    return declaration;
  }

  /** The files of all types of main code, by the type's simple name. */
  private static Map<String, Path> sources() {
    Map<String, Path> sources = new TreeMap<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path main :
          modules.map(m -> m.resolve("src/main/java")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(main)) {
          files
              .filter(file -> file.toString().endsWith(".java") && !file.endsWith(PACKAGE))
              .forEach(file -> sources.put(name(file), file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sources;
  }

  private static String name(Path file) {
    return file.getFileName().toString().replaceFirst("\\.java$", "");
  }
}
