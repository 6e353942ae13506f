package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.datasets.formats.features.FeatureSource;
import java.util.List;

/** Feature rows from columns of a node table. */
final class TableRows implements FeatureSource {
  private final TableReader rows;
  private final FeatureColumn[] columns;
  private final int dim;

  TableRows(TableReader rows, List<FeatureColumn> columns) {
    this.rows = rows;
    this.columns = columns.toArray(FeatureColumn[]::new);
    dim = columns.stream().mapToInt(FeatureColumn::width).sum();
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public void next(double[] row) {
    if (!rows.next()) {
      throw rows.error("file has become shorter during the import");
    }
    int at = 0;
    for (FeatureColumn column : columns) {
      column.read(rows, row, at);
      at += column.width();
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
