package io.millrace.bench.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.training.nn.Aggregation;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.torch.TorchOp;
import io.millrace.training.torch.TorchOp.Kind;

/** Formulations of the mean over neighbours, and none of it. */
enum MeanVariant {
  /** What a step costs without aggregation: each destination's own row stands for the mean. */
  NONE("linears only") {
    @Override
    NDArray of(NDArray x, MfgTensors edges) {
      return edges.destinations(x);
    }
  },
  /** The product's: libtorch's embedding_bag. */
  FUSED("fused mean") {
    @Override
    NDArray of(NDArray x, MfgTensors edges) {
      return Aggregation.mean(x, edges);
    }
  },
  /** A sparse matrix of the reciprocal degrees, times the rows: all that DJL itself has. */
  COO("COO matmul") {
    @Override
    NDArray of(NDArray x, MfgTensors edges) {
      NDArray rows = edges.rows().toType(DataType.INT64, false);
      NDArray columns = edges.indices().toType(DataType.INT64, false);
      NDArray values = Aggregation.gather(reciprocal(edges), rows).flatten();
      Shape shape = new Shape(edges.numDst(), x.getShape().get(0));
      NDArray ids = rows.reshape(1, -1).concat(columns.reshape(1, -1), 0);
      return JniUtils.createSparseCoo((PtNDArray) ids, (PtNDArray) values, shape).matMul(x);
    }
  },
  /** A row per edge, gathered and added to its destination, as message passing is written down. */
  INDEX_ADD("index_add") {
    @Override
    NDArray of(NDArray x, MfgTensors edges) {
      NDArray perEdge = Aggregation.gather(x, edges.indices());
      NDArray zeros = x.getManager().zeros(new Shape(edges.numDst(), x.getShape().get(1)));
      NDArray rows = edges.rows().toType(DataType.INT64, false).reshape(-1, 1);
      NDArray targets = rows.broadcast(perEdge.getShape());
      return SCATTER_ADD.call(x.getManager(), zeros, 0L, targets, perEdge).mul(reciprocal(edges));
    }
  };

  /** Target, dimension, ids, what is added; aten's index_add takes a Scalar, but is the same. */
  private static final TorchOp SCATTER_ADD =
      TorchOp.of("aten::scatter_add", "", 1, Kind.TENSOR, Kind.INT, Kind.TENSOR, Kind.TENSOR);

  private final String label;

  MeanVariant(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** {@code [numSrc x dim]} to {@code [numDst x dim]}. */
  abstract NDArray of(NDArray x, MfgTensors edges);

  /** {@code [numDst x 1]}. */
  private static NDArray reciprocal(MfgTensors edges) {
    return edges.numNeighbors().maximum(1).toType(DataType.FLOAT32, false).pow(-1).reshape(-1, 1);
  }
}
