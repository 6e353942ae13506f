package io.millrace.cli.report;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An HTML page that needs no other file and no network. Immutable.
 *
 * @param title as plain text
 * @param body HTML below the title
 */
record HtmlPage(String title, String body) {
  private static final String STYLE =
      """
      body { font: 15px/1.5 sans-serif; color: #111; background: #fff;
        max-width: 64em; margin: 2em auto; padding: 0 1em; }
      p { max-width: 46em; } h2 { font-size: 1.15em; margin: 1.2em 0 .3em; }
      .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(22em, 1fr));
        gap: 0 2em; }
      table { border-collapse: collapse; } td, th { padding: .1em .8em; text-align: right; }
      th { font-weight: normal; color: #555; } .matrix td { padding: .1em .4em; font-size: 12px; }
      .runs td, .runs th { border-bottom: 1px solid #ccc; vertical-align: top; }
      .runs tr > :first-child { text-align: left; white-space: nowrap; }
      .results tr > :last-child { text-align: left; } .wide { overflow-x: auto; }
      .verdict { border-left: .3em solid #0072b2; padding-left: .8em; }
      svg { width: 100%; height: auto; font-family: sans-serif; font-size: 12px; }
      """;

  /** The whole text of the page. */
  String html() {
    return """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><title>%s</title><style>
    %s</style></head><body>
    <h1>%s</h1>
    %s
    </body></html>
    """
        .formatted(escaped(title), STYLE, escaped(title), body);
  }

  /**
   * Writes the page; an existing file is replaced.
   *
   * @throws BadInputException if it cannot be written
   */
  void write(Path file) {
    IoErrors.requireRegular(file);
    try {
      AtomicFile.write(file, html(), false);
    } catch (IOException e) {
      throw BadInputException.of(
          "report cannot be written", "file", file, "cause", IoErrors.cause(e));
    }
  }

  /** A heading and what is below it. */
  static String section(String heading, String content) {
    return "<h2>" + escaped(heading) + "</h2>\n" + content + "\n";
  }

  /** Plots with a heading each, in as many columns as there is room for; empty ones left out. */
  static String plots(Map<String, String> svgByHeading) {
    return svgByHeading.entrySet().stream()
        .filter(it -> !it.getValue().isEmpty())
        .map(it -> "<div>" + section(it.getKey(), it.getValue()) + "</div>\n")
        .collect(Collectors.joining("", "<div class=\"plots\">\n", "</div>\n"));
  }

  /** A paragraph of plain text. */
  static String paragraph(String text) {
    return "<p>" + escaped(text) + "</p>\n";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
