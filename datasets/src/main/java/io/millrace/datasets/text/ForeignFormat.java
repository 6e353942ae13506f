package io.millrace.datasets.text;

import io.millrace.BadInputException;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Pattern;

/**
 * Recognises text that is no table, so that its parts do not become ids: text ids could be
 * anything. Stateless.
 */
final class ForeignFormat {
  private static final String DICT = "\\{\\s*['\"]?\\w+['\"]?\\s*:.*\\}";

  private static final String ARROW = "(-+>|=+>|<-+|--|\u2192)";

  /** What a line of each format looks like; the first that fits counts. */
  private static final List<Entry<String, Pattern>> FORMATS =
      List.of(
          line("RDF triples", "<[^>]*>\\s+<[^>]*>\\s+\\S.*|@prefix\\s.*|@base\\s.*|_:\\S+\\s+<.*"),
          line("XML (GraphML, GEXF)", "<\\?xml.*|<!DOCTYPE.*|<(graphml|gexf|html|svg)\\b.*"),
          line("GML", "graph\\s*\\[.*"),
          line("DOT", "(strict\\s+)?(di)?graph\\s*\\w*\\s*\\{.*"),
          line("Pajek", "\\*(vertices|arcs|edges|network)\\b.*"),
          line("arrows", "\\S+\\s+" + ARROW + "\\s+\\S.*|[^\\s,;|]+" + ARROW + "[^\\s,;|]+;?"),
          line("tuples", "[\\[(]*\\(\\s*[^()]*,[^()]*\\).*"),
          line("JSON", "[\\[{]\\s*([\\[{\"].*|[-\\d].*)?"),
          line("dicts", ".*" + DICT + "\\s*"),
          line("adjacency lists", "[^\\s:,;|\"]+\\s*:\\s+[^\\s:]+([\\s,]+[^\\s:]+)*"),
          line("SQL", "(insert\\s+into|create\\s+table)\\s.*"));

  private ForeignFormat() {}

  private static Entry<String, Pattern> line(String name, String pattern) {
    return Map.entry(name, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE));
  }

  /** Refuses a table whose first two lines are no rows, by the name of what they are. */
  static void refuse(TableHead head) {
    String first = head.text(0).strip();
    String second = head.lines().size() > 1 ? head.text(1).strip() : first;
    for (Entry<String, Pattern> format : FORMATS) {
      boolean begins = matches(format, first);
      boolean goesOn = matches(format, second);
      if (begins && (goesOn || isDocument(format.getKey())) || goesOn && !begins && isRow(format)) {
        throw refused(head, format.getKey());
      }
    }
  }

  private static boolean matches(Entry<String, Pattern> format, String line) {
    return format.getValue().matcher(line).matches();
  }

  /** Whether only the beginning of a file shows its format. */
  private static boolean isDocument(String name) {
    return !name.equals("arrows") && !name.equals("adjacency lists");
  }

  /** Whether rows may stand below a header. */
  private static boolean isRow(Entry<String, Pattern> format) {
    return format.getKey().equals("dicts") || format.getKey().equals("tuples");
  }

  private static BadInputException refused(TableHead head, String name) {
    return head.error(
        0,
        "this looks like "
            + name
            + ", convert it to csv, or give --separator if it is a table after all",
        "value",
        shown(head.text(0)));
  }

  /** Lines that no separator makes a table. */
  static void refuseBytes(TableHead head) {
    for (int line = 0; line < head.lines().size(); line++) {
      for (byte b : head.lines().get(line)) {
        if (b == 0) {
          throw head.error(line, "not a text file in UTF-8, a byte is zero");
        }
      }
    }
    String text = head.text(0);
    if (text.indexOf('\r') >= 0 && text.indexOf('"') < 0) {
      throw head.error(
          0, "lines end with CR alone, convert them with: tr '\\r' '\\n'", "value", shown(text));
    }
  }

  private static String shown(String line) {
    String text = line.replace('\r', ' ');
    return text.length() > 40 ? text.substring(0, 40) : text;
  }
}
