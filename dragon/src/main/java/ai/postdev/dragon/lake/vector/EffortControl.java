package ai.postdev.dragon.lake.vector;

/**
 * Follows with the effort what checked searches find. Calibration asks the index for vectors of its own; what people ask
 * lies elsewhere, and vectors come that are unlike those there were: the same lists then hold fewer of the true
 * neighbours. Pure; one thread at a time.
 */
final class EffortControl {
    /** Neighbours looked for between two decisions: their share found is known to about a hundredth. */
    static final int DECIDE_AFTER = 400;
    /** Where far too little is found so many tell it already. */
    private static final int ALARM_AFTER = 100;

    private static final double DEVIATIONS = 3;

    /** Searches look no harder than so many times what calibration found, or they would take too long. */
    static final double MOST = 16;

    private static final double RAISE = 1.3;
    /** When so many times more is missed than may be. */
    private static final double FAR = 5;

    private static final double RAISE_FAR = 2;
    private static final double LOWER = 1.1;
    private static final double MARGIN_RAISE = 1.15;
    private static final float MARGIN_MOST = 4;
    /** It is lowered only if of what may be missed at most this part was. */
    private static final double SPARE = 0.25;

    private final double target;
    private final Effort calibrated;
    private Effort effort;
    private SampledRecall seen = SampledRecall.NONE;

    /** @param target share of the true neighbours that searches are to find */
    EffortControl(double target, Effort calibrated) {
        this.target = target;
        this.calibrated = calibrated;
        this.effort = calibrated;
    }

    /** The effort in force. */
    Effort effort() {
        return effort;
    }

    /**
     * A search was checked.
     *
     * @param lists there are: more are not looked into
     * @return whether the effort is another now
     */
    boolean checked(SampledRecall check, int lists) {
        seen = seen.plus(check);
        double allowed = 1 - target;
        double missed = (double) (seen.wanted() - seen.found()) / Math.max(1, seen.wanted());
        double byChance = DEVIATIONS * Math.sqrt(allowed * target / Math.max(1, seen.wanted()));
        boolean alarm = seen.wanted() >= ALARM_AFTER && missed > allowed + byChance;
        if (seen.wanted() < DECIDE_AFTER && !alarm) {
            return false;
        }
        seen = SampledRecall.NONE;
        Effort before = effort;
        if (missed > allowed) {
            double raise = missed > FAR * allowed ? RAISE_FAR : RAISE;
            effort = with(
                    Math.min(Math.min(lists, MOST * calibrated.probes()), effort.probes() * raise),
                    Math.min(MARGIN_MOST * calibrated.near(), (float) (effort.near() * MARGIN_RAISE)),
                    Math.min(MARGIN_MOST * calibrated.margin(), (float) (effort.margin() * MARGIN_RAISE)));
        } else if (missed < SPARE * allowed) {
            effort = with(effort.probes() / LOWER, (float) (effort.near() / LOWER), (float) (effort.margin() / LOWER));
        }
        return !effort.equals(before);
    }

    private Effort with(double probes, float near, float margin) {
        return new Effort(
                Math.max(probes, calibrated.probes()),
                calibrated.growth(),
                calibrated.reach(),
                Math.max(near, calibrated.near()),
                Math.max(margin, calibrated.margin()));
    }
}
