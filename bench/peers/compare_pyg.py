#!/usr/bin/env python3
"""Times PyG's NeighborLoader on a millrace dataset, and GraphBolt's sampler where dgl is installed.

Row v of a millrace dataset's `indices` holds the nodes that v aggregates from, the sources of its
in-edges. That is the CSC form that the peers sample from, so nothing needs to be sorted.

What is compared: the same number of seeds per batch, the same fanout, seeds drawn at random among
the nodes that have neighbours (of the train split, if there is one). The samplers draw differently,
so batches are alike in size and not equal. The result is printed as JSON.

Exit codes: 0 done, 2 bad input or a package is missing.
"""

import argparse
import importlib.util
import json
import os
import platform
import resource
import statistics
import sys
import time

PEERS = {
    "pyg": ("torch", "torch_geometric"),
    "graphbolt": ("torch", "dgl"),
}


class BadInput(Exception):
    """Something the user gave cannot be used; the message says what."""


class Graph:
    """A dataset directory, mapped: `indptr` int64 [numNodes + 1], `indices` int32 [numEdges]."""

    def __init__(self, directory):
        import numpy as np

        try:
            self.indptr = np.load(os.path.join(directory, "indptr.npy"), mmap_mode="r")
            self.indices = np.load(os.path.join(directory, "indices.npy"), mmap_mode="r")
        except (OSError, ValueError) as e:
            raise BadInput(f"not a millrace dataset: directory={directory}, cause={e}") from e
        if self.indptr.dtype != np.int64 or self.indices.dtype != np.int32:
            raise BadInput(
                f"expected int64 indptr and int32 indices: indptr={self.indptr.dtype},"
                f" indices={self.indices.dtype}"
            )
        if self.indptr[0] != 0 or self.indptr[-1] != len(self.indices):
            raise BadInput(f"indptr must run from 0 to the number of edges: directory={directory}")
        self.num_nodes = len(self.indptr) - 1
        self.num_edges = len(self.indices)
        train = os.path.join(directory, "split", "train.npy")
        pool = np.load(train) if os.path.exists(train) else np.arange(self.num_nodes)
        self.pool = pool[self.indptr[pool + 1] > self.indptr[pool]]
        if len(self.pool) == 0:
            raise BadInput(f"no seed has a neighbour: directory={directory}")

    def edge_index(self):
        """The edges as PyG takes them: int64 [2, numEdges], sources and destinations, sorted by
        destination."""
        import numpy as np

        edges = np.empty((2, self.num_edges), np.int64)
        edges[0] = self.indices
        edges[1] = np.repeat(np.arange(self.num_nodes), np.diff(self.indptr))
        return edges

    def seeds(self, count, seed):
        """`count` random nodes that have neighbours."""
        import numpy as np

        return np.random.default_rng(seed).choice(self.pool, count)


def pyg_batches(graph, args):
    """PyG's sampler, built once; it yields (nodes, edges) of each batch of a NeighborLoader."""
    import torch
    from torch_geometric.data import Data
    from torch_geometric.loader import NeighborLoader
    from torch_geometric.sampler import NeighborSampler
    from torch_geometric.typing import WITH_PYG_LIB, WITH_TORCH_SPARSE

    if not WITH_PYG_LIB and not WITH_TORCH_SPARSE:
        raise BadInput("package is missing: peer=pyg, missing=pyg_lib (or torch_sparse)")
    data = Data(edge_index=torch.from_numpy(graph.edge_index()), num_nodes=graph.num_nodes)
    sampler = NeighborSampler(
        data,
        num_neighbors=args.fanout,
        is_sorted=True,  # by destination
        share_memory=args.workers > 0,
    )

    def batches(seeds):
        loader = NeighborLoader(
            data,
            num_neighbors=args.fanout,
            input_nodes=torch.from_numpy(seeds.astype("int64")),
            neighbor_sampler=sampler,
            batch_size=args.batch_size,
            shuffle=False,
            num_workers=args.workers,
        )
        for batch in loader:
            yield batch.num_nodes, batch.edge_index.size(1)

    return batches


def graphbolt_batches(graph, args):
    """GraphBolt's graph, built once; it yields (nodes, edges) of each batch, on this thread."""
    import torch
    from dgl import graphbolt

    sampling_graph = graphbolt.fused_csc_sampling_graph(
        torch.from_numpy(graph.indptr.copy()), torch.from_numpy(graph.indices.copy())
    )

    def batches(seeds):
        items = graphbolt.ItemSet(torch.from_numpy(seeds.astype("int32")), names="seeds")
        pipe = graphbolt.ItemSampler(items, batch_size=args.batch_size, shuffle=False)
        # DGL counts hops from the input: the reverse of PyG's and ours.
        fanouts = [torch.LongTensor([f]) for f in args.fanout][::-1]
        pipe = pipe.sample_neighbor(sampling_graph, fanouts)
        for batch in graphbolt.DataLoader(pipe, num_workers=args.workers):
            edges = sum(len(hop.sampled_csc.indices) for hop in batch.sampled_subgraphs)
            yield len(batch.input_nodes), edges

    return batches


BATCHES = {"pyg": pyg_batches, "graphbolt": graphbolt_batches}


def measure(graph, args, name):
    """Medians over the rounds; one more round, before them, warms up."""
    rates, nodes, edges = [], 0, 0
    batches_of = BATCHES[name](graph, args)
    for round_ in range(-1, args.rounds):
        seeds = graph.seeds(args.batches * args.batch_size, [args.seed, round_ + 1])
        batches = batches_of(seeds)
        next(batches)  # begins the workers, and is not measured
        nodes = edges = count = 0
        start = time.perf_counter()
        for batch_nodes, batch_edges in batches:
            nodes, edges, count = nodes + batch_nodes, edges + batch_edges, count + 1
        seconds = time.perf_counter() - start
        if round_ >= 0:
            rates.append((edges / seconds, count / seconds))
    return {
        "name": name,
        "edges_per_second": statistics.median(rate[0] for rate in rates),
        "batches_per_second": statistics.median(rate[1] for rate in rates),
        "edges_per_batch": edges / count,
        "nodes_per_batch": nodes / count,
    }


def missing_packages(peer):
    return [name for name in ("numpy",) + PEERS[peer] if importlib.util.find_spec(name) is None]


def arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("dataset", help="a millrace dataset directory")
    parser.add_argument(
        "--peer",
        choices=sorted(PEERS),
        action="append",
        help="default: pyg, and graphbolt if dgl is installed",
    )
    parser.add_argument("--fanout", default="15,10,5", help="next to the seeds first")
    parser.add_argument("--batch-size", type=int, default=1024)
    parser.add_argument("--batches", type=int, default=21, help="per round, the first not measured")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=0, help="processes; 0 = this one")
    parser.add_argument("--threads", type=int, default=1, help="torch's threads")
    args = parser.parse_args(argv)
    try:
        args.fanout = [int(fanout) for fanout in args.fanout.split(",")]
    except ValueError:
        parser.error(f"--fanout must be whole numbers separated by commas: {args.fanout}")
    if args.batches < 2 or args.rounds < 1 or args.batch_size < 1:
        parser.error("--batches must be 2 or more, --rounds and --batch-size 1 or more")
    return args


def chosen_peers(asked):
    peers = asked or ["pyg"] + [p for p in PEERS if p != "pyg" and not missing_packages(p)]
    for peer in peers:
        missing = missing_packages(peer)
        if missing:
            raise BadInput(f"package is missing: peer={peer}, missing={', '.join(missing)}")
    return peers


def main(argv):
    args = arguments(argv)
    try:
        peers = chosen_peers(args.peer)
        graph = Graph(args.dataset)
        import torch

        torch.set_num_threads(args.threads)
        results = [measure(graph, args, peer) for peer in peers]
    except BadInput as e:
        print(f"compare_pyg: {e}", file=sys.stderr)
        return 2
    versions = {
        package: __import__(package).__version__
        for package in ("torch", "torch_geometric", "pyg_lib", "torch_sparse", "dgl")
        if importlib.util.find_spec(package)
    }
    print(
        json.dumps(
            {
                "machine": f"{os.cpu_count()} cores, {platform.processor() or platform.machine()}",
                "python": platform.python_version(),
                "versions": versions,
                "dataset": args.dataset,
                "num_nodes": graph.num_nodes,
                "num_edges": graph.num_edges,
                "settings": {**vars(args), "dataset": None, "peer": None},
                # of this process, the graph and what PyG makes of it included
                "peak_resident_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "results": results,
            },
            indent=2,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
