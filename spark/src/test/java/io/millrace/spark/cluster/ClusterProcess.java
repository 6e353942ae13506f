package io.millrace.spark.cluster;

import java.io.IOException;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;

/**
 * The main class of a master or a worker that a test starts. The process ends when its standard
 * input does, so it never outlives the test; a worker ends its executors then.
 */
final class ClusterProcess {
  static final String LOOPBACK = "127.0.0.1";

  private ClusterProcess() {}

  /**
   * @param args none for a master, which prints its address; those of Spark's worker for a worker
   */
  public static void main(String[] args) {
    Thread.ofPlatform().daemon().start(ClusterProcess::exitWithParent);
    if (args.length > 0) {
      Worker.main(args);
      return;
    }
    RpcEnv env = Master.startRpcEnvAndEndpoint(LOOPBACK, 0, 0, new SparkConf())._1();
    System.out.println("spark://" + env.address().hostPort());
    env.awaitTermination();
  }

  private static void exitWithParent() {
    try {
      while (System.in.read() >= 0) {
        // nothing is sent
      }
    } catch (IOException e) {
      // the parent has ended, too
    }
    System.exit(0);
  }
}
