import type { Migration } from '../migrations.ts'

/** Users, sessions, keys, one-time links, failed attempts, the audit log. */
export const access: Migration = {
  name: '0002-access',
  statements: [
    `create table users (
      id text primary key,
      name text not null,
      email text not null unique,
      role text not null check (role in ('administrator', 'analyst', 'viewer')),
      password text,
      disabled boolean not null,
      created timestamptz not null,
      last_seen timestamptz,
      deleted timestamptz,
      oidc_issuer text,
      oidc_subject text,
      unique (oidc_issuer, oidc_subject)
    )`,
    `create table sessions (
      hash text primary key,
      user_id text not null references users (id) on delete cascade,
      created timestamptz not null,
      seen timestamptz not null,
      expires timestamptz not null,
      address text not null
    )`,
    `create index sessions_user on sessions (user_id)`,
    `create table one_time_tokens (
      hash text primary key,
      purpose text not null,
      user_id text references users (id) on delete cascade,
      data text not null,
      expires timestamptz not null
    )`,
    `create table attempts (
      subject text primary key,
      failures integer not null,
      last timestamptz not null
    )`,
    `create table api_keys (
      id text primary key,
      hash text not null,
      name text not null,
      scopes text not null,
      source text,
      created_by text not null references users (id),
      created timestamptz not null,
      expires timestamptz,
      last_used timestamptz,
      revoked timestamptz
    )`,
    `create table audit (
      id bigint generated always as identity primary key,
      time timestamptz not null,
      who text not null,
      action text not null,
      target text not null,
      detail text not null,
      address text
    )`,
  ],
}
