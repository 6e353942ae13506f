package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.datasets.formats.features.FeatureSource;
import java.util.List;

/** Feature rows from columns of a node table. */
final class TableRows implements FeatureSource {
  private final TableReader rows;
  private final int[] columns;

  TableRows(TableReader rows, List<Integer> columns) {
    this.rows = rows;
    this.columns = columns.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public int dim() {
    return columns.length;
  }

  @Override
  public void next(float[] row) {
    if (!rows.next()) {
      throw rows.error("file has become shorter during the import");
    }
    for (int i = 0; i < columns.length; i++) {
      row[i] = (float) rows.number(columns[i]);
    }
  }

  @Override
  public void end() {
    if (rows.next()) {
      throw rows.error("file has become longer during the import");
    }
  }

  @Override
  public BadInputException error(String rule, Object... namesAndValues) {
    return rows.error(rule, namesAndValues);
  }

  @Override
  public void close() {
    rows.close();
  }
}
