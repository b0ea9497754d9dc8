package ai.postdev.app;

import ai.postdev.dragon.memory.Memory;
import ai.postdev.dragon.memory.MemoryBudget;
import ai.postdev.dragon.memory.MemoryFigures;
import ai.postdev.dragon.memory.ModelRoom;
import ai.postdev.dragon.memory.ProcessFigures;
import ai.postdev.dragon.memory.RamDisk;
import ai.postdev.dragon.memory.Share;
import ai.postdev.v1.Finding;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.MemoryDrift;
import ai.postdev.v1.MemoryHolding;
import ai.postdev.v1.MemoryProcess;
import ai.postdev.v1.MemoryShare;
import ai.postdev.v1.MemoryTier;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How a node's memory is used, as its service tells it. */
final class MemoryReport {
    private MemoryReport() {}

    /**
     * The figures, after a change of the budget if one is asked for.
     *
     * @throws IllegalArgumentException if the change cannot be: the message says what is expected
     */
    static LakeAnswer of(Memory memory, LakeRequest change) {
        if (change.getBudgetBytes() != 0 || change.getSharesCount() > 0) {
            memory.budget(changed(memory.budget(), change));
        }
        MemoryFigures figures = memory.figures();
        ModelRoom.Figures models = memory.modelRoom().figures();
        LakeAnswer.Builder answer = LakeAnswer.newBuilder()
                .setBudgetBytes(figures.budget().totalBytes())
                .setResidentBytes(figures.process().resident())
                .setJavaBytes(figures.process().java())
                .setProcess(process(figures.process()))
                .setDrift(drift(figures.drift()))
                .setBaseBytes(figures.baseBytes())
                .setAvailableBytes(figures.availableBytes())
                .setModelBytes(models.models())
                .setModelPromisedBytes(models.promised())
                .setRefused(figures.refused())
                .setGivenBackBytes(figures.givenBackBytes());
        for (Share share : Share.values()) {
            MemoryFigures.Use use = figures.shares().get(share);
            answer.addShares(MemoryShare.newBuilder()
                    .setStore(share.id())
                    .setPercent(figures.budget().percent().get(share))
                    .setLimitBytes(use.limitBytes())
                    .setUsedBytes(use.usedBytes()));
        }
        figures.holdings().forEach(holding -> answer.addHoldings(holding(holding)));
        RamDisk.Figures disk = figures.disk();
        return answer.setRamDisk(ai.postdev.v1.RamDisk.newBuilder()
                        .setMode(disk.mode())
                        .setFolder(disk.folder())
                        .setCapacityBytes(disk.capacity())
                        .setFreeBytes(disk.free())
                        .setMappedBytes(disk.mappedBytes())
                        .setOrdinaryBytes(disk.ordinaryBytes())
                        .setNote(disk.note()))
                .build();
    }

    private static MemoryHolding.Builder holding(MemoryFigures.Holding holding) {
        MemoryHolding.Builder row = MemoryHolding.newBuilder()
                .setProject(holding.project().value())
                .setPart(holding.part().id())
                .setStore(holding.part().share().id())
                .setBytes(holding.bytes())
                .setWantedBytes(holding.wanted())
                .setGivableBytes(holding.givable());
        new TreeMap<>(holding.tiers())
                .forEach((tier, entries) ->
                        row.addTiers(MemoryTier.newBuilder().setTier(tier).setEntries(entries)));
        return row;
    }

    private static MemoryProcess.Builder process(ProcessFigures process) {
        return MemoryProcess.newBuilder()
                .setAnonymousBytes(process.anonymous())
                .setFileBytes(process.file())
                .setSharedBytes(process.shared())
                .setHeapUsedBytes(process.heapUsed())
                .setHeapCommittedBytes(process.heapCommitted())
                .setHeapMaxBytes(process.heapMax())
                .setNonHeapBytes(process.nonHeap())
                .setDirectBytes(process.direct())
                .setJournalBytes(process.journal());
    }

    /** What is in RAM and nobody accounts for. */
    static MemoryDrift drift(MemoryFigures.Drift drift) {
        return MemoryDrift.newBuilder()
                .setUnexplainedBytes(drift.unexplained())
                .setRatio(drift.ratio())
                .setState(drift.state())
                .setStateMs(drift.stateMillis())
                .setAlarms(drift.alarms())
                .build();
    }

    /** What a doctor says of it: too much for long is a warning, until it ended. */
    static Finding finding(MemoryFigures.Drift drift) {
        boolean tooMuch = drift.state().equals("alarm") || drift.state().equals("falling");
        return Finding.newBuilder()
                .setCheck("memory")
                .setLevel(tooMuch ? "warning" : "ok")
                .setFound(
                        drift.unexplained() <= 0
                                ? "all that is in RAM is accounted for"
                                : drift.unexplained() + " bytes are in RAM beyond what is accounted for, "
                                        + Math.round(100 * drift.ratio()) + " % of the budget"
                                        + (tooMuch ? ", which is too much" : ""))
                .setAdvice(tooMuch ? "something outside the stores grows; run: postdevai stop; postdevai up" : "")
                .build();
    }

    private static MemoryBudget changed(MemoryBudget now, LakeRequest change) {
        Map<Share, Integer> percent = new EnumMap<>(now.percent());
        change.getSharesMap().forEach((store, part) -> percent.put(share(store), part));
        return new MemoryBudget(
                change.getBudgetBytes() == 0 ? now.totalBytes() : change.getBudgetBytes(),
                percent,
                now.modelsPercent());
    }

    private static Share share(String store) {
        return Arrays.stream(Share.values())
                .filter(share -> share.id().equals(store))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no store '" + store + "', expected "
                        + Arrays.stream(Share.values()).map(Share::id).collect(Collectors.joining(", "))));
    }
}
