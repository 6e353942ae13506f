package io.millrace.cli;

public final class Millrace {
  public static void main(String[] args) {
    System.out.println("hello " + String.join("|", args));
  }
}
