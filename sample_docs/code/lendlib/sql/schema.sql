-- lendlib, schema version 4
create table if not exists member (
    id      integer primary key,
    name    text not null,
    mail    text,                       -- may be null: eleven members have none
    since   text not null default (date('now')),
    left_on text
);

create table if not exists item (
    id            integer primary key,
    name          text not null,
    deposit_cents integer not null default 0 check (deposit_cents >= 0),
    daily_cents   integer not null default 0 check (daily_cents >= 0),
    retired_on    text
);

create table if not exists loan (
    id          integer primary key,
    item_id     integer not null references item(id),
    member_id   integer not null references member(id),
    lent_on     text not null,
    due_on      text not null check (due_on >= lent_on),
    returned_on text
);

-- A thing can be out only once. This is the lock; there is no other.
create unique index if not exists one_open_loan on loan(item_id) where returned_on is null;
create index if not exists loan_due on loan(due_on) where returned_on is null;

create view if not exists popular as
    select item.name, count(*) as times,
           round(avg(julianday(coalesce(returned_on, 'now')) - julianday(lent_on)), 1) as mean_days
      from loan join item on item.id = loan.item_id
     group by item.id
     order by times desc;
