package io.millrace.datasets.formats.edgelist;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.features.MissingValues;
import io.millrace.datasets.formats.features.Normalization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fields of feature columns mean. */
class NodeFeaturesTest extends NodeTableFixture {
  private float[] featuresOf(MissingValues missing, String rows) throws IOException {
    return run(
        features(table("f,g", List.of(rows.split(" "))), "f", "g"),
        ImportOptions.defaults().withMissing(missing),
        data -> data.features().rows().toArray(JAVA_FLOAT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"True/False", "true/false", "TRUE/FALSE", "t/f", "T/F", "yes/no", "Y/N"})
  void readsBooleansAsFeatures(String words) throws IOException {
    String[] word = words.split("/");
    String rows = word[0] + ",5 " + word[1] + ",6 " + word[1] + ",7";
    float[] need = {1, 5, 0, 6, 0, 7};
    assertArrayEquals(need, featuresOf(MissingValues.ERROR, rows));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\"\"", "nan", "NaN", "-nan", "NA", "N/A", "#N/A", "None", "null", "?", "-"})
  void fillsMissingFeatures(String word) throws IOException {
    String rows = "1," + word + " 3,4 8,6";
    assertArrayEquals(new float[] {1, 0, 3, 4, 8, 6}, featuresOf(MissingValues.ZERO, rows));
    assertArrayEquals(new float[] {1, 5, 3, 4, 8, 6}, featuresOf(MissingValues.MEAN, rows));
    Path file = folder.resolve("nodes.csv");
    rejects(
        features(file, "f", "g"),
        "feature is not finite; --missing zero or mean",
        "line=2, column=2, value=NaN");
  }

  @Test
  void standardisesAndFillsTogether() throws IOException {
    Path file = table("f,g", List.of("1,", "3,-1", "8,1"));
    ImportOptions options =
        ImportOptions.defaults()
            .withMissing(MissingValues.MEAN)
            .withNormalization(Normalization.COLUMN);
    float[] values =
        run(features(file, "f", "g"), options, d -> d.features().rows().toArray(JAVA_FLOAT));
    float one = (float) (1 / Math.sqrt(2 / 3.0));
    assertArrayEquals(new float[] {0, -one, one}, new float[] {values[1], values[3], values[5]});
    Path empty = table("f,g", List.of("1,", "3,NA", "8,nan"));
    Expect.badInput(
        () -> run(features(empty, "f", "g"), options, GraphDataset::name),
        "feature has no values to take the mean of",
        "column=2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 2 .5",
        "[1, 2, 0.5]",
        "\"[1,2,.5]\"",
        "[1 2  0.5]",
        "1;2;0.5",
        "1|2|5e-1",
        "[ 1 ; 2 ; .5 ]",
        "True 2 0.5"
      })
  void readsSeveralFeaturesInAField(String cell) throws IOException {
    String quoted = cell.startsWith("\"") ? cell : '"' + cell + '"';
    Path file = table("v,g", List.of(quoted + ",7", quoted + ",8", "[1 2 nan],9"));
    ImportOptions options = ImportOptions.defaults().withMissing(MissingValues.ZERO);
    float[] values =
        run(features(file, "g", "v"), options, d -> d.features().rows().toArray(JAVA_FLOAT));
    assertArrayEquals(new float[] {7, 1, 2, .5f, 8, 1, 2, .5f, 9, 1, 2, 0}, values);
    assertEquals(List.of("each field of column v has 3 features"), found);
  }

  @Test
  void fillsAListThatIsMissingInTheFirstRow() throws IOException {
    Path file = table("v", List.of("NA", "\"[1, 2]\"", "\"[3, 4]\""));
    ImportOptions options = ImportOptions.defaults().withMissing(MissingValues.MEAN);
    float[] values =
        run(features(file, "v"), options, d -> d.features().rows().toArray(JAVA_FLOAT));
    assertArrayEquals(new float[] {2, 3, 1, 2, 3, 4}, values);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "1 2/3/4 5#wrong number of values#line=3, column=v, values=1, need=2",
        "1/2 3/4#not a number#line=3, column=v, value=2 3",
        "[1 2]/[1 2 3]/[1 2]#wrong number of values#values=3, need=2",
        "0,5/0,6/0,7#not a number#value=0,5",
        "1 x/2 3/4 5#not a number#line=2, column=v, value=x",
        "[1,2/3 4/5 6#not a number#line=2, column=v, value=[1,2",
        "(5)/6/7#not a number#line=2, column=v, value=(5)",
        "1;/2;/3;#feature is not finite#line=2, column=2",
      })
  void refusesFieldsThatAreNotAsManyNumbers(String rows, String rule, String where)
      throws IOException {
    List<String> quoted = Stream.of(rows.split("/")).map(row -> '"' + row + "\",0").toList();
    rejects(features(table("v,z", quoted), "v"), rule, where);
  }
}
