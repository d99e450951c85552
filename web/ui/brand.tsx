import { Link } from '@tanstack/react-router'

/** Grains that fall through, and the one that stays. */
export const Sieve = ({ size = 20 }: { readonly size?: number }) => (
  <svg aria-hidden="true" width={size} height={size} viewBox="0 0 24 24">
    {[
      [4.5, 5],
      [12, 5],
      [19.5, 5],
      [8.2, 11.6],
      [15.8, 11.6],
    ].map(([x, y]) => (
      <circle key={`${x} ${y}`} cx={x} cy={y} r="2.6" fill="var(--quiet)" />
    ))}
    <circle cx="12" cy="18.6" r="3" fill="var(--accent)" />
  </svg>
)

export const Brand = () => (
  <Link className="brand" to="/today">
    <Sieve />
    Winnow
  </Link>
)
