package io.millrace.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.tuning.balance.Balance;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankTextTest {
  @Test
  void eachRankOfABalanceHasALineOfItsOwn() {
    Balance balance = new Balance(128, List.of(new Balance.Share(6, 9), new Balance.Share(2, 6)));
    assertEquals(
        List.of(
            "rank 0: 6 of 8 virtual nodes, 10.0 ms a step, predicted 9.0 ms",
            "rank 1: 2 of 8 virtual nodes, 6.0 ms a step, predicted 6.0 ms",
            "imbalance: 1.25 (slowest rank by mean)"),
        RankText.balance(balance, new double[] {10, 6}));
  }
}
