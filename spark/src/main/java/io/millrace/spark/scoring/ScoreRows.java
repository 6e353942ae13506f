package io.millrace.spark.scoring;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyType;
import io.millrace.spark.tables.NodeKey;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Adds the results of an inference to rows that have an id: prediction, probabilities and, if
 * asked, the embedding. The files are mapped, so memory does not grow with the graph.
 *
 * @param id index of the id's column
 * @param columns which results are added
 */
@Internal
public record ScoreRows(String dataset, String out, int id, Columns columns)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** Which results a row gets, in this order. */
  public record Columns(boolean prediction, boolean probability, boolean embedding)
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  /** The rows of a partition with their results, one by one. */
  public Iterator<Row> of(Iterator<Row> rows) {
    GraphDataset data = GraphDataset.open(Path.of(dataset), StorageMode.MAPPED);
    Arena arena = Arena.ofShared();
    TaskContext.get()
        .addTaskCompletionListener(
            _ -> {
              arena.close();
              data.close();
            });
    Path directory = Path.of(out);
    MemorySegment classes =
        NpyArray.map(directory.resolve("predictions.npy"), NpyType.INT32, 1, arena).data();
    MemorySegment scores = matrix(directory.resolve("scores.npy"), arena);
    MemorySegment embeddings =
        columns.embedding()
            ? matrix(directory.resolve("embeddings.npy"), arena)
            : MemorySegment.NULL;
    int numNodes = data.graph().numNodes();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        Row row = rows.next();
        int node = NodeKey.node(data, row.get(id));
        List<Object> values = new ArrayList<>(row.size() + 3);
        for (int i = 0; i < row.size(); i++) {
          values.add(row.get(i));
        }
        if (columns.prediction()) {
          values.add((double) classes.getAtIndex(JAVA_INT, node));
        }
        if (columns.probability()) {
          values.add(Vectors.dense(values(scores, node, numNodes)));
        }
        if (columns.embedding()) {
          values.add(Vectors.dense(values(embeddings, node, numNodes)));
        }
        return RowFactory.create(values.toArray());
      }
    };
  }

  private static MemorySegment matrix(Path file, Arena arena) {
    if (!Files.exists(file)) {
      throw BadInputException.of("the results have no such file", "file", file);
    }
    return NpyArray.map(file, NpyType.FLOAT32, 2, arena).data();
  }

  private static double[] values(MemorySegment matrix, int node, int numNodes) {
    int dim = (int) (matrix.byteSize() / Float.BYTES / numNodes);
    double[] values = new double[dim];
    for (int i = 0; i < dim; i++) {
      values[i] = matrix.getAtIndex(JAVA_FLOAT, (long) node * dim + i);
    }
    return values;
  }
}
