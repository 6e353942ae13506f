package io.millrace.datasets;

import io.millrace.Internal;
import io.millrace.datasets.platform.YamlFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an import of text tables found out by itself, or was given, so that a wrong guess can be
 * seen. It is printed, and kept in {@code dataset.yaml}; it has no influence on the dataset's
 * fingerprint. Immutable.
 *
 * @param ids the kind of the nodes' ids, and why
 * @param firstEdge the first edge by its ids, as {@code source -> destination}; empty if there is
 *     none
 * @param tables the tables of edges in their order, then the node table if there is one
 * @param notes anything else that a reader should know
 */
public record ImportFindings(
    String ids, Optional<String> firstEdge, List<Table> tables, List<String> notes) {

  /** Copies the lists. */
  public ImportFindings {
    tables = List.copyOf(tables);
    notes = List.copyOf(notes);
  }

  /**
   * One text table.
   *
   * @param file the last part of its path
   * @param delimiter what stands between columns, and how that is known
   * @param header whether the first line names the columns, and why
   * @param columns what is taken from where: the name of a column, or its number from 1
   * @param commentLines lines skipped as comments
   * @param blankLines lines skipped because they are blank
   */
  public record Table(
      String file,
      String delimiter,
      String header,
      Map<String, String> columns,
      long commentLines,
      long blankLines) {

    private Map<String, Object> map() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("file", file);
      map.put("delimiter", delimiter);
      map.put("header", header);
      map.put("columns", columns);
      map.put("comment_lines", commentLines);
      map.put("blank_lines", blankLines);
      return map;
    }

    private static Table read(YamlFields fields) {
      Map<String, String> columns = new LinkedHashMap<>();
      fields.map("columns").forEach((role, column) -> columns.put("" + role, "" + column));
      return new Table(
          fields.text("file"),
          fields.text("delimiter"),
          fields.text("header"),
          columns,
          fields.number("comment_lines", 0, Long.MAX_VALUE),
          fields.number("blank_lines", 0, Long.MAX_VALUE));
    }

    private String line() {
      List<String> uses = new ArrayList<>();
      columns.forEach((role, column) -> uses.add(role + " = " + column));
      return "%s: delimiter %s; header: %s; columns: %s; lines skipped: %s comments, %s blank"
          .formatted(file, delimiter, header, String.join(", ", uses), commentLines, blankLines);
    }
  }

  /** As lines of text, for people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    tables.forEach(table -> lines.add(table.line()));
    lines.add("ids: " + ids);
    firstEdge.ifPresent(edge -> lines.add("first edge: " + edge));
    lines.addAll(notes);
    return lines;
  }

  /** As a mapping for YAML and JSON. */
  @Internal
  public Map<String, Object> map() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("ids", ids);
    firstEdge.ifPresent(edge -> map.put("first_edge", edge));
    map.put("tables", tables.stream().map(Table::map).toList());
    if (!notes.isEmpty()) {
      map.put("notes", notes);
    }
    return map;
  }

  static ImportFindings read(YamlFields fields) {
    return new ImportFindings(
        fields.text("ids"),
        fields.has("first_edge") ? Optional.of(fields.text("first_edge")) : Optional.empty(),
        fields.list("tables").stream().map(Table::read).toList(),
        fields.texts("notes"));
  }
}
