package io.millrace.datasets.formats.edgelist;

import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.formats.ImportOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A column of a table has one role. */
class ColumnRolesTest extends NodeTableFixture {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "f*    |y    |     |     |column=fraud, roles=label and feature",
        "f0,f* |id   |     |     |column=f0, roles=feature and feature",
        "2-4   |fraud|     |     |column=fraud, roles=label and feature",
        "1-3   |fraud|id   |     |column=id, roles=id and feature",
        "f0    |fraud|fraud|     |column=fraud, roles=id and label",
        "f0,f1 |fraud|id   |f1   |column=f1, roles=split and feature",
        "f0    |fraud|id   |fraud|column=fraud, roles=label and split",
        "4     |fraud|id   |     |column=fraud, roles=label and feature",
        "f0    |id   |1    |     |column=id, roles=id and label",
      })
  void refusesAColumnWithTwoRoles(
      String features, String label, String id, String split, String where) throws IOException {
    Path file = table("id,f0,f1,fraud", List.of("0,1,2,0", "1,3,4,1", "2,5,6,0"));
    NodeTableOptions options =
        new NodeTableOptions(
            file,
            Optional.ofNullable(id),
            List.of(features.strip().split(",")),
            Optional.of(label.equals("y") ? "fraud" : label),
            Optional.ofNullable(split));
    rejects(options, "column has two roles: file=" + file, where);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|1|        |        |source and destination",
        "2|b|        |        |source and destination",
        "1|2|2       |        |destination and weight",
        "1|2|        |a       |source and time",
        "1|2|3       |c       |weight and time",
      })
  void refusesAColumnOfEdgesWithTwoRoles(
      String src, String dst, String weight, String time, String roles) throws IOException {
    Path edges = Files.writeString(folder.resolve("edges.csv"), "a,b,c\n0,1,2\n1,2,3\n");
    EdgeListOptions options = EdgeListOptions.defaults().withColumns(src, dst);
    EdgeListOptions weighted = weight == null ? options : options.withWeightColumn(weight);
    EdgeListOptions timed = time == null ? weighted : weighted.withTimeColumn(time);
    Expect.badInput(
        () ->
            EdgeListImporter.importFiles(
                List.of(edges),
                timed,
                folder.resolve("out"),
                ImportOptions.defaults(),
                Progress.NONE),
        "column has two roles",
        "roles=" + roles);
  }
}
