package io.millrace.spark.barrier;

import io.millrace.datasets.GraphDataset;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.ring.RingCollective;
import io.millrace.ranks.ring.RingListener;
import io.millrace.ranks.ring.RingSettings;
import io.millrace.training.BatchProgress;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.DeviceChoice;
import java.io.Serial;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.broadcast.Broadcast;

/**
 * One task of the barrier stage: a rank. It listens on a free port of its executor's address, tells
 * the others where by one gather, and trains with them.
 *
 * @param secret that the ranks know each other by; it comes with the task
 */
record RankTask(TrainingPlan plan, Broadcast<NodeRoles> roles, byte[] secret)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;
  private static final System.Logger LOGGER = System.getLogger(RankTask.class.getName());

  List<Trained> run() {
    BarrierTaskContext task = BarrierTaskContext.get();
    int rank = task.partitionId();
    String host = host(task, rank);
    try (RingListener listener = RingListener.bind(new InetSocketAddress(host, 0))) {
      String[] addresses = task.allGather(host + " " + listener.address().getPort());
      RingSettings settings =
          RingSettings.of(Arrays.stream(addresses).map(RankTask::address).toList(), rank, secret);
      try (RingCollective ring = listener.join(settings)) {
        return train(ring);
      }
    }
  }

  /** The address of a task is {@code host:port} of its executor. */
  private static String host(BarrierTaskContext task, int rank) {
    String address = task.getTaskInfos()[rank].address();
    int colon = address.lastIndexOf(':');
    return colon < 0 ? address : address.substring(0, colon);
  }

  private static InetSocketAddress address(String text) {
    int blank = text.indexOf(' ');
    return new InetSocketAddress(
        text.substring(0, blank), Integer.parseInt(text.substring(blank + 1)));
  }

  private List<Trained> train(RingCollective ring) {
    try (GraphDataset data = GraphDataset.open(Path.of(plan.dataset()));
        GraphTrainer trainer =
            plan.builder(roles.value().applyTo(data), device()).collective(ring).build()) {
      LOGGER.log(
          System.Logger.Level.INFO,
          "rank {0} begins at epoch {1}, device: {2}",
          Integer.toString(ring.rank()),
          Integer.toString(trainer.position().epoch()),
          trainer.device().description());
      FitResult result = trainer.fit(plan.epochs(), stopWhenKilled());
      return ring.rank() == 0 ? List.of(trained(trainer, result)) : List.of();
    } catch (RankFailedException e) {
      throw e; // names the rank that failed first
    } catch (Throwable t) {
      ring.fail(t);
      throw t;
    }
  }

  private TorchDevice device() {
    return plan.useGpu()
        ? TorchDevice.gpu(RankResources.gpu(BarrierTaskContext.get()))
        : TorchDevice.of(DeviceChoice.CPU);
  }

  private static TrainingListener stopWhenKilled() {
    BarrierTaskContext task = BarrierTaskContext.get();
    return new TrainingListener() {
      @Override
      public void batchDone(BatchProgress progress) {
        if (task.isInterrupted()) {
          throw new TaskKilledException("the task was killed");
        }
      }
    };
  }

  private static Trained trained(GraphTrainer trainer, FitResult result) {
    return new Trained(
        trainer.model().toBytes(),
        result.epochs().size(),
        result.validMetric(),
        result.tested().isPresent() ? result.testMetric() : Double.NaN,
        result.seconds());
  }
}
