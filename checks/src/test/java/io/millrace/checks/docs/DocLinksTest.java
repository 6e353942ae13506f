package io.millrace.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links inside the repository lead somewhere, and every page is reached from the index. */
class DocLinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final int README_LINES = 150;

  @Test
  void everyLinkLeadsToAFile() {
    List<String> broken = new ArrayList<>();
    for (String page : DocBlock.pages()) {
      for (String target : targets(page)) {
        if (!Files.exists(DocBlock.ROOT.resolve(target))) {
          broken.add(page + " -> " + target);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void everyPageIsInTheIndex() {
    List<String> indexed = targets("docs/README.md");
    List<String> missing =
        DocBlock.pages().stream()
            .filter(page -> page.startsWith("docs/") && !page.equals("docs/README.md"))
            .filter(page -> !indexed.contains(page))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void readmeIsReadInOneGo() {
    long lines = DocBlock.read("README.md").lines().count();
    assertTrue(lines <= README_LINES, "README.md is too long: lines=" + lines);
  }

  /** What the page links to inside the repository, as paths below its root, without fragments. */
  private static List<String> targets(String page) {
    Path folder = Path.of(page).getParent();
    List<String> targets = new ArrayList<>();
    Matcher matcher = LINK.matcher(DocBlock.read(page));
    while (matcher.find()) {
      String target = matcher.group(1).replaceAll("#.*", "");
      if (!target.isEmpty() && !target.contains(":")) {
        Path path = folder == null ? Path.of(target) : folder.resolve(target);
        targets.add(path.normalize().toString());
      }
    }
    return targets;
  }
}
