"""Peers of the vector index that are Python packages: hnswlib and FAISS.

usage: peers.py DIR DIMENSIONS ENGINE...   with ENGINE of hnswlib, fs, fsr
DIR has base.f32, queries.f32 (little-endian floats) and truth.i32 (ten ordinals a query).
Prints one line a setting: engine, settings, recall, queries for a second of the thread's CPU, p99 in microseconds of
the thread's CPU, build CPU seconds, bytes a vector; tab-separated. One query per call, one thread, and for FAISS also all queries in one call; a line "absent" for a package that is not installed.
"""

import sys
import time

import numpy as np

K = 10
PASSES = 5


def load(folder, dimensions):
    base = np.fromfile(folder + "/base.f32", dtype="<f4").reshape(-1, dimensions)
    queries = np.fromfile(folder + "/queries.f32", dtype="<f4").reshape(-1, dimensions)
    truth = np.fromfile(folder + "/truth.i32", dtype="<i4").reshape(-1, K)
    return base, queries, truth


def recall(found, queries, truth):
    """Of vectors as near as the tenth any counts."""
    scores = np.einsum("qkd,qd->qk", BASE[np.maximum(found, 0)], queries)
    least = np.einsum("qd,qd->q", BASE[truth[:, K - 1]], queries) - 1e-5
    return np.mean((scores >= least[:, None]) & (found >= 0))


def measure(name, settings, search, queries, truth, build, size):
    found = np.empty((len(queries), K), dtype=np.int64)
    for i in range(len(queries)):
        found[i] = search(queries[i : i + 1])
    rates = []
    for _ in range(PASSES):
        start = time.thread_time()
        for i in range(len(queries)):
            search(queries[i : i + 1])
        rates.append(len(queries) / (time.thread_time() - start))
    nanos = []
    for i in range(len(queries)):
        start = time.thread_time_ns()
        search(queries[i : i + 1])
        nanos.append(time.thread_time_ns() - start)
    p99 = sorted(nanos)[-(len(nanos) // 100) - 1] / 1000
    print(f"{name}\t{settings}\t{recall(found, queries, truth):.4f}\t{np.median(rates):.0f}\t{p99:.1f}\t{build:.2f}\t{size:.0f}", flush=True)


def batch(name, settings, index, queries, truth, build, size):
    """All questions in one call: the rate alone, as no question has a time of its own."""
    rates = []
    for _ in range(PASSES):
        start = time.thread_time()
        found = index.search(queries, K)[1]
        rates.append(len(queries) / (time.thread_time() - start))
    print(f"{name}\t{settings}\t{recall(found, queries, truth):.4f}\t{np.median(rates):.0f}\t0\t{build:.2f}\t{size:.0f}", flush=True)


def run_hnswlib(base, queries, truth):
    import hnswlib

    start = time.process_time()
    index = hnswlib.Index("ip", base.shape[1])
    index.init_index(len(base), ef_construction=200, M=16, random_seed=7)
    index.set_num_threads(1)
    index.add_items(base, num_threads=1)
    build = time.process_time() - start
    size = base.shape[1] * 4 + 2 * 16 * 4 + 4 + 8 + 4 + 64 / 15 + 140
    for ef in (10, 13, 16, 20, 25, 31, 36, 42, 50, 60, 64, 72, 90, 110):
        index.set_ef(ef)
        measure("hnswlib", f"ef {ef}", lambda q: index.knn_query(q, k=K, num_threads=1)[0][0], queries, truth, build, size)


def run_faiss(kind, base, queries, truth):
    import faiss

    faiss.omp_set_num_threads(1)
    dimensions = base.shape[1]
    lists = 512
    start = time.process_time()
    index = faiss.index_factory(dimensions, f"IVF{lists},PQ{dimensions // 2}x4{kind},RFlat", faiss.METRIC_INNER_PRODUCT)
    index.train(base)
    index.add(base)
    build = time.process_time() - start
    size = dimensions * 4 + dimensions // 4 + 8
    ivf = faiss.downcast_index(index.base_index)
    for probes in (2, 3, 4, 6, 8, 16, 32):
        for factor in (2, 3, 4, 6, 8, 12, 16):
            ivf.nprobe = probes
            index.k_factor = factor
            batch("faiss " + kind + "; all questions in one call", f"nprobe {probes}, k_factor {factor}", index, queries, truth, build, size)
            measure("faiss " + kind, f"nprobe {probes}, k_factor {factor}", lambda q: index.search(q, K)[1][0], queries, truth, build, size)


def main():
    folder, dimensions, engines = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    global BASE
    base, queries, truth = load(folder, dimensions)
    BASE = base
    for engine in engines:
        try:
            if engine == "hnswlib":
                run_hnswlib(base, queries, truth)
            else:
                run_faiss(engine, base, queries, truth)
        except ImportError as error:
            print(f"{engine}\tabsent\t{error}", flush=True)


main()
