package ai.postdev.dragon.memory;

import ai.postdev.actors.op.ProjectId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who holds how much memory, who may take more, and who has to give some back. What the process needs besides
 * comes off the budget first, then what models hold; the rest is split into shares. A store may take what the others leave
 * unused, and gives it back when they want it, or when models want what they are promised. A pure state machine; times are milliseconds of one clock. Not thread-safe.
 */
final class MemoryLedger {
    /** Too much memory is given back by so much more, so that not every further byte asks again: a part of the budget. */
    private static final int SLACK_PART = 64;

    /** What one part of one project holds. */
    record Key(ProjectId project, Part part) {}

    /** Somebody has to give back so many bytes. */
    record Demand(Key key, long bytes) {}

    /**
     * What one part of one project holds.
     *
     * @param wanted bytes that it asked for in vain since the last demands
     * @param givable of its bytes that a demand can take
     */
    record Holding(Key key, long bytes, long wanted, long givable) {}

    private static final class Account {
        private long bytes;
        private long wanted;
        private long givable;

        /** What a demand can still take if so many bytes were asked for already. */
        private long left(long asked) {
            return Math.min(bytes, givable) - asked;
        }
    }

    private final Duration coldAfter;
    private final Map<Key, Account> accounts = new HashMap<>();
    private final Map<Share, Long> used = new EnumMap<>(Share.class);
    private final Map<ProjectId, Long> touched = new HashMap<>();
    private MemoryBudget budget;
    private long base;
    private long total;
    private long models;
    private long modelsOutside;
    private long modelsWanted;

    /** @param coldAfter so long untouched, a project has to make room for another */
    MemoryLedger(MemoryBudget budget, Duration coldAfter) {
        this.budget = budget;
        this.coldAfter = coldAfter;
        for (Share share : Share.values()) {
            used.put(share, 0L);
        }
    }

    MemoryBudget budget() {
        return budget;
    }

    /** From now on this is the budget; what is too much is asked back by {@link #demands}. */
    void budget(MemoryBudget newBudget) {
        budget = newBudget;
    }

    /** What the process takes besides the accounts. */
    void base(long bytes) {
        base = Math.max(0, bytes);
    }

    long base() {
        return base;
    }

    /** What all accounts hold. */
    long total() {
        return total;
    }

    /** What the accounts hold outside the Java heap. */
    long offHeap() {
        return accounts.entrySet().stream()
                .filter(entry -> entry.getKey().part().offHeap())
                .mapToLong(entry -> entry.getValue().bytes)
                .sum();
    }

    long used(Share share) {
        return used.get(share);
    }

    /** Whether the process takes more than the budget, whoever it is that does. */
    boolean over() {
        return base + total + modelsInside() > budget.totalBytes();
    }

    /** What the stores may hold together now. */
    long available() {
        return Math.max(0, room() - models);
    }

    /** What the stores and models may hold together now. */
    private long room() {
        return Math.max(0, budget.totalBytes() - base);
    }

    /** What models hold, wherever. */
    long models() {
        return models;
    }

    /** What models hold in this process. */
    long modelsInside() {
        return models - modelsOutside;
    }

    /** What models may hold whatever the stores want. */
    long modelsPromised() {
        return budget.models(room());
    }

    /** What nobody holds. */
    long free() {
        return Math.max(0, available() - total);
    }

    /** The most that models can hold if the stores give way as far as they must and can. */
    long modelsPossible() {
        long fixed = accounts.values().stream()
                .mapToLong(account -> account.bytes - account.left(0))
                .sum();
        return Math.max(0, room() - Math.max(fixed, Math.min(total, room() - modelsPromised())));
    }

    /** A model wants so many bytes, of which the next demands make free what models are promised. */
    void wantModels(long bytes) {
        modelsWanted = Math.max(modelsWanted, bytes);
    }

    /** Takes so many bytes for a model if nobody holds them. */
    boolean reserveModels(long bytes, boolean outside) {
        if (bytes > free()) {
            return false;
        }
        models += bytes;
        modelsOutside += outside ? bytes : 0;
        return true;
    }

    /** Gives back so many bytes of a model. */
    void releaseModels(long bytes, boolean outside) {
        long held = outside ? modelsOutside : modelsInside();
        if (bytes > held) {
            throw new IllegalArgumentException("models give back " + bytes + " bytes of " + held);
        }
        models -= bytes;
        modelsOutside -= outside ? bytes : 0;
    }

    long limit(Share share) {
        return budget.limit(share, available());
    }

    /** Somebody works with the project. */
    void touch(ProjectId project, long now) {
        touched.put(project, now);
    }

    /** At most so many bytes of the account can be taken by demands: 0 if none, as at first. */
    void givable(Key key, long bytes) {
        account(key).givable = bytes;
    }

    /** Whether so many bytes more are within the budget; else notes that they are wanted. */
    boolean allows(Key key, long bytes) {
        if (total + bytes <= available()) {
            return true;
        }
        account(key).wanted += bytes;
        return false;
    }

    /** What the account holds. */
    long held(Key key) {
        Account account = accounts.get(key);
        return account == null ? 0 : account.bytes;
    }

    /** What the account may take without asking more than its share's limit of the others. */
    long room(Key key) {
        Share share = key.part().share();
        return Math.max(0, Math.min(limit(share) - used(share), available() - total));
    }

    /** Takes so many bytes more if they are within the budget; else notes that they are wanted. */
    boolean reserve(Key key, long bytes) {
        boolean allowed = allows(key, bytes);
        if (allowed) {
            change(key, account(key), bytes);
        }
        return allowed;
    }

    /** Gives back so many bytes. */
    void release(Key key, long bytes) {
        Account account = account(key);
        if (bytes > account.bytes) {
            throw new IllegalArgumentException(key + " gives back " + bytes + " bytes of " + account.bytes);
        }
        change(key, account, -bytes);
    }

    /** The account holds this now, whatever the budget says: for what cannot be refused. */
    void charge(Key key, long bytes) {
        Account account = account(key);
        change(key, account, bytes - account.bytes);
    }

    /** The project holds nothing any more. */
    void close(ProjectId project) {
        for (Part part : Part.values()) {
            Key key = new Key(project, part);
            Account account = accounts.remove(key);
            if (account != null) {
                change(key, account, -account.bytes);
            }
        }
        touched.remove(project);
    }

    private Account account(Key key) {
        return accounts.computeIfAbsent(key, _ -> new Account());
    }

    private void change(Key key, Account account, long bytes) {
        account.bytes += bytes;
        total += bytes;
        used.merge(key.part().share(), bytes, Long::sum);
    }

    /** Everything that is held, by project and part. */
    List<Holding> holdings() {
        return accounts.entrySet().stream()
                .map(entry -> new Holding(
                        entry.getKey(), entry.getValue().bytes, entry.getValue().wanted, entry.getValue().givable))
                .sorted(Comparator.comparing(
                                (Holding holding) -> holding.key().project().value())
                        .thenComparing(holding -> holding.key().part()))
                .toList();
    }

    /**
     * Who has to give back how much now; what was wanted is answered by it and forgotten. Too much in all comes from shares
     * beyond their limit first, then from anybody; what a share within its limit wants comes from those beyond theirs, or
     * from projects of its own that nobody has touched for long. The project untouched for longest gives first.
     */
    List<Demand> demands(long now) {
        Map<Key, Long> asked = new LinkedHashMap<>();
        long over = total + Math.min(modelsWanted, Math.max(0, modelsPromised() - models)) - available();
        modelsWanted = 0;
        if (over > 0) {
            long need = over + available() / SLACK_PART;
            need -= askBeyondLimits(need, asked, null);
            askAnybody(need, asked);
        }
        for (Map.Entry<Key, Account> entry : new ArrayList<>(accounts.entrySet())) {
            long wanted = entry.getValue().wanted;
            entry.getValue().wanted = 0;
            if (wanted > 0) {
                askFor(entry.getKey(), wanted, now, asked);
            }
        }
        return asked.entrySet().stream()
                .map(entry -> new Demand(entry.getKey(), entry.getValue()))
                .toList();
    }

    private void askFor(Key wanting, long wanted, long now, Map<Key, Long> asked) {
        Share share = wanting.part().share();
        long free = Math.max(0, available() - total);
        long need = Math.max(0, wanted - free);
        // Only up to its own limit can a share make others give way.
        long entitled = Math.max(0, limit(share) - used(share));
        need -= askBeyondLimits(Math.min(need, entitled), asked, wanting.project());
        for (Key cold : givers(asked)) {
            if (need <= 0) {
                return;
            }
            boolean untouched = now - touched.getOrDefault(cold.project(), Long.MIN_VALUE / 2) >= coldAfter.toMillis();
            if (untouched && cold.part().share() == share && !cold.project().equals(wanting.project())) {
                need -= ask(cold, need, asked);
            }
        }
    }

    /** Asks the shares beyond their limit for {@code need} bytes, and answers how many they were asked for. */
    private long askBeyondLimits(long need, Map<Key, Long> asked, ProjectId spared) {
        Map<Share, Long> beyond = new EnumMap<>(Share.class);
        for (Share share : Share.values()) {
            beyond.put(share, used(share) - limit(share) - asked(share, asked));
        }
        long got = 0;
        for (Key key : givers(asked)) {
            Share share = key.part().share();
            long some = Math.min(need - got, beyond.get(share));
            if (some > 0 && !key.project().equals(spared)) {
                long taken = ask(key, some, asked);
                got += taken;
                beyond.merge(share, -taken, Long::sum);
            }
        }
        return got;
    }

    private void askAnybody(long need, Map<Key, Long> asked) {
        long left = need;
        for (Key key : givers(asked)) {
            if (left <= 0) {
                return;
            }
            left -= ask(key, left, asked);
        }
    }

    private long ask(Key key, long need, Map<Key, Long> asked) {
        long some = Math.min(need, accounts.get(key).left(asked.getOrDefault(key, 0L)));
        asked.merge(key, some, Long::sum);
        return some;
    }

    private static long asked(Share share, Map<Key, Long> asked) {
        return asked.entrySet().stream()
                .filter(entry -> entry.getKey().part().share() == share)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Who can give and has something left, the project untouched for longest first. */
    private List<Key> givers(Map<Key, Long> asked) {
        return accounts.entrySet().stream()
                .filter(entry -> entry.getValue().left(asked.getOrDefault(entry.getKey(), 0L)) > 0)
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparingLong((Key key) -> touched.getOrDefault(key.project(), Long.MIN_VALUE))
                        .thenComparing(key -> key.project().value())
                        .thenComparing(Key::part))
                .toList();
    }
}
