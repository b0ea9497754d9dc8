package ai.postdev.dragon.memory;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.memory.MemoryLedger.Demand;
import ai.postdev.dragon.memory.MemoryLedger.Key;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/**
 * The memory of one node's lakes: the ledger, the disk that bulk data lies on, and who can give back what. Any thread. Who
 * gives back is called on the thread of {@link #relieve}, and without a lock of this class.
 */
public final class Memory implements AutoCloseable {
    /** While something goes on the process is measured this often. */
    private static final long MEASURE_MILLIS = 1_000;

    private final RamDisk disk;
    private final Supplier<ProcessFigures> process;
    private final LongSupplier clockMillis;
    private final LongSupplier trim;
    private final long trimPauseMillis;
    private final DriftSettings driftSettings;

    // Guarded by this.
    private final MemoryLedger ledger;
    private final DriftAlarm alarm;
    private final Map<Key, LongUnaryOperator> givers = new HashMap<>();
    private final Map<Key, Map<String, Long>> tiers = new HashMap<>();
    private Optional<Runnable> pressed = Optional.empty();
    private boolean told;
    private long measured;
    private long refused;
    private long givenBack;
    private long trimmed;
    private boolean shortOf;
    private long unexplained;

    /**
     * The memory that the settings allow on this machine.
     *
     * @param name that files on a RAM file system begin with, the same each time for one home
     * @param folder that a RAM file system may be mounted at
     * @param journalBytes native memory of the journal's database; called on any thread, without a lock of this class
     * @param journalGives has the journal give memory back, and answers how many bytes; called as {@code journalBytes} is
     */
    public static Memory of(
            MemorySettings settings, String name, Path folder, LongSupplier journalBytes, LongSupplier journalGives) {
        MemoryBudget budget = settings.budget();
        RamPlace place = RamPlaces.choose(
                settings.ramDisk(), RamPlaces.machine(folder), budget.totalBytes(), settings.ownRamDiskBytes(budget));
        RamDisk disk = RamDisk.open(place, name, settings.ramDiskFreeMin());
        return new Memory(
                new MemoryLedger(budget, settings.coldAfter()),
                disk,
                () -> ProcessMemory.figures(journalBytes.getAsLong()),
                () -> System.nanoTime() / 1_000_000,
                trimming(new JavaHeap(), journalGives),
                settings.heapTrimPause(),
                settings.drift());
    }

    private static LongSupplier trimming(JavaHeap heap, LongSupplier journalGives) {
        return () -> heap.trim() + journalGives.getAsLong();
    }

    /**
     * Memory over a ledger.
     *
     * @param process what the process takes now; where the system does not say how much is in RAM, what the Java machine
     *     has taken counts instead
     * @param trim makes smaller what holds memory without need, and answers by how many bytes
     * @param trimPause that is done so often at most
     */
    Memory(
            MemoryLedger ledger,
            RamDisk disk,
            Supplier<ProcessFigures> process,
            LongSupplier clockMillis,
            LongSupplier trim,
            Duration trimPause,
            DriftSettings drift) {
        this.trim = trim;
        this.trimPauseMillis = trimPause.toMillis();
        this.ledger = ledger;
        this.disk = disk;
        this.process = process;
        this.clockMillis = clockMillis;
        trimmed = clockMillis.getAsLong() - trimPauseMillis;
        driftSettings = drift;
        alarm = new DriftAlarm(drift, clockMillis.getAsLong());
        measured(process.get());
    }

    /** {@code pressed} is called, on any thread, once when somebody may have to give back; {@link #relieve} arms it again. */
    public synchronized void whenPressed(Runnable newPressed) {
        pressed = Optional.of(newPressed);
    }

    /** Slabs on the account of a part. */
    public Slabs slabs(ProjectId project, Part part) {
        Key key = new Key(project, part);
        return new Slabs() {
            @Override
            public Optional<Slab> take(long bytes) {
                return reserve(key, bytes) ? Optional.of(disk.slab(bytes)) : Optional.empty();
            }

            @Override
            public void give(Slab slab) {
                slab.close();
                release(key, slab.bytes());
            }
        };
    }

    /**
     * {@code giver} gives back at least as many bytes of the part as it is asked for, if it has as many, and answers how
     * many it was.
     */
    public synchronized void gives(ProjectId project, Part part, LongUnaryOperator giver) {
        Key key = new Key(project, part);
        givers.put(key, giver);
        ledger.givable(key, Long.MAX_VALUE);
    }

    /** At most so many bytes of the part can be given back. */
    public synchronized void givable(ProjectId project, Part part, long bytes) {
        ledger.givable(new Key(project, part), bytes);
    }

    /** How exactly the part keeps what it holds: entries by the name of the tier; empty where there is one way only. */
    public synchronized void tiers(ProjectId project, Part part, Map<String, Long> entries) {
        tiers.put(new Key(project, part), Map.copyOf(entries));
    }

    /**
     * Whether a part may take so many bytes more, which it will say by {@link #charge}; if not, others may give back and it
     * may later.
     */
    public synchronized boolean allows(ProjectId project, Part part, long bytes) {
        return granted(ledger.allows(new Key(project, part), bytes));
    }

    /** What a part may take within the limit of its share and the budget. */
    public synchronized long room(ProjectId project, Part part) {
        return ledger.room(new Key(project, part));
    }

    private synchronized boolean reserve(Key key, long bytes) {
        return granted(ledger.reserve(key, bytes));
    }

    private boolean granted(boolean granted) {
        if (!granted) {
            refused++;
            shortOf = true;
        }
        pressIfDue(!granted);
        return granted;
    }

    private synchronized void release(Key key, long bytes) {
        ledger.release(key, bytes);
    }

    /** A part holds this now, in the heap or elsewhere, whatever the budget says: for what cannot be refused. */
    public synchronized void charge(ProjectId project, Part part, long bytes) {
        ledger.charge(new Key(project, part), bytes);
        pressIfDue(ledger.total() > ledger.available());
    }

    /** What models may take. */
    public ModelRoom modelRoom() {
        return new ModelRoom() {
            @Override
            public boolean take(long bytes, boolean outside) {
                synchronized (Memory.this) {
                    return ledger.reserveModels(bytes, outside);
                }
            }

            @Override
            public void want(long bytes) {
                synchronized (Memory.this) {
                    ledger.wantModels(bytes);
                    press();
                }
            }

            @Override
            public void give(long bytes, boolean outside) {
                synchronized (Memory.this) {
                    ledger.releaseModels(bytes, outside);
                }
            }

            @Override
            public long free() {
                synchronized (Memory.this) {
                    return ledger.free();
                }
            }

            @Override
            public long possible() {
                synchronized (Memory.this) {
                    return ledger.modelsPossible();
                }
            }

            @Override
            public Figures figures() {
                synchronized (Memory.this) {
                    return new Figures(
                            ledger.budget().totalBytes(),
                            ledger.base(),
                            ledger.total(),
                            ledger.models(),
                            ledger.modelsPromised());
                }
            }
        };
    }

    /** What a part is known to hold. */
    public synchronized long held(ProjectId project, Part part) {
        return ledger.held(new Key(project, part));
    }

    /** Somebody works with the project. */
    public synchronized void touch(ProjectId project) {
        ledger.touch(project, clockMillis.getAsLong());
        pressIfDue(false);
    }

    /** The project's lake holds nothing any more here; its slabs were given back. */
    public synchronized void close(ProjectId project) {
        for (Part part : Part.values()) {
            givers.remove(new Key(project, part));
            tiers.remove(new Key(project, part));
        }
        ledger.close(project);
    }

    /** Gives the RAM disk back; the last thing that is done, when no lake is open any more. */
    @Override
    public void close() {
        disk.close();
    }

    /** What the process may take. */
    public synchronized MemoryBudget budget() {
        return ledger.budget();
    }

    /** From now on this is the budget. */
    public synchronized void budget(MemoryBudget budget) {
        ledger.budget(budget);
        press();
    }

    /**
     * What the process takes besides the accounts: it is measured, not added up, so nothing is forgotten. Measuring reads
     * figures of the system and of the journal, so it is left to who relieves, and done without a lock.
     */
    private void measured(ProcessFigures now) {
        measured = clockMillis.getAsLong();
        ledger.base((now.resident() == 0 ? now.java() : now.resident()) - ledger.total() - ledger.modelsInside());
        unexplained = now.resident() == 0 ? 0 : now.unexplained(ledger.offHeap() + ledger.modelsInside());
    }

    /**
     * Looks whether more is in RAM than anybody accounts for, and has room made if it is more than the budget. Reads figures of
     * the system.
     *
     * @return whether the alarm about it began or ended now
     */
    Optional<DriftAlarm.Change> observeDrift() {
        ProcessFigures now = process.get();
        synchronized (this) {
            measured(now);
            // What grows beside the stores asks nobody for room: that it is too much is seen here only.
            if (ledger.over()) {
                press();
            }
            return alarm.observe(clockMillis.getAsLong(), driftRatio());
        }
    }

    /** When that is too much, and how often it is looked at. */
    DriftSettings driftSettings() {
        return driftSettings;
    }

    private double driftRatio() {
        return (double) unexplained / ledger.budget().totalBytes();
    }

    /** What is in RAM and nobody accounts for, as it was measured last. */
    public synchronized MemoryFigures.Drift drift() {
        return new MemoryFigures.Drift(
                unexplained,
                driftRatio(),
                alarm.state().id(),
                alarm.millisInState(clockMillis.getAsLong()),
                alarm.alarms());
    }

    /** Pressed, or not measured for long although something goes on. */
    private void pressIfDue(boolean pressure) {
        if (pressure || clockMillis.getAsLong() - measured >= MEASURE_MILLIS) {
            press();
        }
    }

    private void press() {
        if (!told) {
            told = true;
            pressed.ifPresent(Runnable::run);
        }
    }

    /**
     * Makes room: what the Java machine holds without need goes first, then those are asked who have to give back. Takes as
     * long as they do.
     *
     * @return the bytes that were given back
     */
    public long relieve() {
        long given = trimIfDue();
        List<Demand> demands;
        Map<Key, LongUnaryOperator> asked;
        ProcessFigures now = process.get();
        synchronized (this) {
            measured(now);
            demands = ledger.demands(clockMillis.getAsLong());
            asked = Map.copyOf(givers);
        }
        for (Demand demand : demands) {
            LongUnaryOperator giver = asked.get(demand.key());
            given += giver == null ? 0 : giver.applyAsLong(demand.bytes());
        }
        synchronized (this) {
            givenBack += given;
        }
        return given;
    }

    private long trimIfDue() {
        ProcessFigures now = process.get();
        synchronized (this) {
            told = false;
            measured(now);
            boolean due = clockMillis.getAsLong() - trimmed >= trimPauseMillis;
            boolean pressure = shortOf || ledger.over() || ledger.total() > ledger.available();
            shortOf = false;
            if (!due || !pressure) {
                return 0;
            }
            trimmed = clockMillis.getAsLong();
        }
        return trim.getAsLong();
    }

    /** How it is used now. Reads figures of the system. */
    public MemoryFigures figures() {
        return figures(process.get());
    }

    private synchronized MemoryFigures figures(ProcessFigures now) {
        measured(now);
        Map<Share, MemoryFigures.Use> shares = new EnumMap<>(Share.class);
        for (Share share : Share.values()) {
            shares.put(share, new MemoryFigures.Use(ledger.used(share), ledger.limit(share)));
        }
        return new MemoryFigures(
                ledger.budget(),
                now,
                ledger.base(),
                ledger.available(),
                shares,
                ledger.holdings().stream()
                        .map(holding -> new MemoryFigures.Holding(
                                holding.key().project(),
                                holding.key().part(),
                                holding.bytes(),
                                holding.wanted(),
                                Math.min(holding.bytes(), holding.givable()),
                                tiers.getOrDefault(holding.key(), Map.of())))
                        .toList(),
                disk.figures(),
                drift(),
                refused,
                givenBack);
    }
}
