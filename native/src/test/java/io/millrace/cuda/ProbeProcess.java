package io.millrace.cuda;

/** Prints what the probe finds, in a JVM of its own. */
final class ProbeProcess {
  private ProbeProcess() {}

  public static void main(String[] args) {
    System.out.println(CudaProbe.run());
  }
}
