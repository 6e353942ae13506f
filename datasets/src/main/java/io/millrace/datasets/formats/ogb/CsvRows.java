package io.millrace.datasets.formats.ogb;

import io.millrace.BadInputException;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.text.CsvReader;
import java.nio.file.Path;

/** Feature rows from OGB's {@code node-feat.csv}: one line of numbers per node. */
final class CsvRows implements FeatureSource {
  private final CsvReader csv;
  private final int numNodes;
  private final int dim;
  private boolean atLine;

  private CsvRows(CsvReader csv, int numNodes) {
    this.csv = csv;
    this.numNodes = numNodes;
    atLine = csv.nextLine();
    if (!atLine) {
      throw BadInputException.of("file is empty", "file", csv.file());
    }
    dim = csv.countColumns();
  }

  static CsvRows open(Path file, int numNodes) {
    CsvReader csv = CsvReader.open(file);
    try {
      return new CsvRows(csv, numNodes);
    } catch (RuntimeException | Error e) {
      csv.close();
      throw e;
    }
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public void next(double[] row) {
    if (!atLine && !csv.nextLine()) {
      OgbCsv.requireAllLines(csv, numNodes);
    }
    atLine = false;
    for (int column = 0; column < dim; column++) {
      row[column] = csv.nextDouble();
    }
    csv.endLine();
  }

  @Override
  public void end() {
    while (csv.nextLine()) {
      OgbCsv.requireLines(csv, numNodes);
    }
  }

  @Override
  public BadInputException error(String rule, Object... namesAndValues) {
    return csv.error(rule, namesAndValues);
  }

  @Override
  public void close() {
    csv.close();
  }
}
