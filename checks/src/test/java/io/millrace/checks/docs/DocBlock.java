package io.millrace.checks.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A fenced block of a documentation page.
 *
 * @param page the page's path below the repository's root
 * @param line line of the opening fence, from 1
 * @param info what follows the opening fence, such as {@code java} or {@code sh norun}
 * @param text the lines between the fences, joined by newlines
 */
record DocBlock(String page, int line, String info, String text) {
  static final Path ROOT = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));

  private static final List<String> SINGLE_PAGES =
      List.of("README.md", "DESIGN.md", "CONTRIBUTING.md", "bench/README.md");

  /** The pages whose blocks are checked, as paths below the repository's root. */
  static List<String> pages() {
    List<String> pages = new ArrayList<>(SINGLE_PAGES);
    try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
      files
          .map(file -> "docs/" + file.getFileName())
          .filter(name -> name.endsWith(".md"))
          .sorted()
          .forEach(pages::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pages;
  }

  static List<DocBlock> all() {
    return pages().stream().flatMap(page -> of(page, read(page)).stream()).toList();
  }

  static String read(String page) {
    try {
      return Files.readString(ROOT.resolve(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<DocBlock> of(String page, String markdown) {
    List<DocBlock> blocks = new ArrayList<>();
    List<String> lines = markdown.lines().toList();
    int open = -1;
    for (int i = 0; i < lines.size(); i++) {
      String stripped = lines.get(i).strip();
      if (!stripped.startsWith("```")) {
        continue;
      }
      if (open < 0) {
        open = i;
      } else {
        String text = String.join("\n", lines.subList(open + 1, i)).stripIndent();
        blocks.add(new DocBlock(page, open + 1, lines.get(open).strip().substring(3), text));
        open = -1;
      }
    }
    if (open >= 0) {
      throw new AssertionError("a block is not closed: " + page + ":" + (open + 1));
    }
    return blocks;
  }

  /** The first word of the info string. */
  String language() {
    return info.split(" ", 2)[0];
  }

  /** What follows the language, or the empty text. */
  String mode() {
    return info.contains(" ") ? info.split(" ", 2)[1] : "";
  }

  /** The commands of a shell block: continued lines joined, comments removed. */
  List<String> commands() {
    return text.replace("\\\n", " ")
        .lines()
        .map(line -> line.replaceAll("(^|\\s+)#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  String place() {
    return page + ":" + line;
  }
}
